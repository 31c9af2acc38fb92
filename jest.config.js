const { availableParallelism } = require("node:os");

/**
 * One project per boundary: a cloud's tests run with the other cloud's SDK replaced by a module that throws,
 * the neutral ones with both replaced, so a forbidden import fails the first test that meets it.
 */
const forbidden = "<rootDir>/testing/forbidden-cloud.ts";
const forbid = (...clouds) =>
  Object.fromEntries(clouds.flatMap((cloud) => [[`^@pulumi/${cloud}(/.*)?$`, forbidden]]));

const base = {
  coveragePathIgnorePatterns: ["/node_modules/", "/fixtures/", "\\.test\\.ts$", "\\.contract\\.ts$"],
  rootDir: __dirname,
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        // Helpers inlined by swc would count as branches of ours.
        jsc: { target: "es2023", parser: { syntax: "typescript" }, externalHelpers: true },
        module: { type: "commonjs" },
        sourceMaps: true,
      },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/.cache/", "<rootDir>/bench/peer/"],
  // They have commands of their own: npm run test:engine, npm run test:data.
  testPathIgnorePatterns: ["/node_modules/", "\\.(engine|drill)\\.test\\.ts$"],
};

const project = (displayName, testMatch, moduleNameMapper = {}) => ({
  ...base,
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  moduleNameMapper,
});

module.exports = {
  // Jest's own choice is one process less than there are cores: on the two of a small runner, one for 200 files.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  reporters: ["default", "<rootDir>/testing/count-reporter.js"],
  collectCoverageFrom: [
    "components/**/*.ts",
    "infra/**/*.ts",
    "stacks/**/*.ts",
    "preview/**/*.ts",
    "tools/**/*.ts",
    "cost/**/*.ts",
    "operate/**/*.ts",
  ],
  coverageThreshold: {
    global: { lines: 90, branches: 90 },
    "./components/": { lines: 100, branches: 100 },
  },
  projects: [
    project("gcp", ["components/gcp/**/*.test.ts"], forbid("aws", "eks")),
    project("aws", ["components/aws/**/*.test.ts"], forbid("gcp")),
    project(
      "neutral",
      [
        "components/*.test.ts",
        "components/platform/**/*.test.ts",
        "components/application/**/*.test.ts",
        "infra/config/**/*.test.ts",
      ],
      forbid("aws", "eks", "gcp"),
    ),
    project("program", [
      "infra/*.test.ts",
      "infra/record/**/*.test.ts",
      "stacks/**/*.test.ts",
      "testing/**/*.test.ts",
    ]),
    project("preview", ["preview/**/*.test.ts"]),
    project("chart", ["app-chart/**/*.test.ts"]),
    project("tools", ["tools/**/*.test.ts"]),
    project("simulator", ["simulator/**/*.test.ts"]),
    project("bench", ["bench/*.test.ts"]),
    project("cost", ["cost/**/*.test.ts"]),
    project("drills", ["drills/**/*.test.ts"]),
    project("operate", ["operate/**/*.test.ts"]),
  ],
};
