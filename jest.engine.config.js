const { projects } = require("./jest.config.js");
const { drawn } = require("./simulator/life/drawn.js");

/**
 * The slow tests: the genuine Pulumi engine, Kubernetes API server and provider against simulated clouds. Two files at
 * a time: a run waits about as long as it computes, and two need 4 GB together.
 *
 * `CMB_ENGINE=short` is for a CI run: the part of one stack's life that the seed draws, and a file or three beside it;
 * `CMB_ENGINE=shortest` leaves those out.
 */
const { transform } = projects[0];
const short = drawn();
if (short) console.log(`engine tests, short: ${short.told}`);

module.exports = {
  rootDir: __dirname,
  displayName: "engine",
  testEnvironment: "node",
  transform,
  testMatch: short
    ? short.files.map((file) => `<rootDir>/${file}.engine.test.ts`)
    : ["<rootDir>/**/*.engine.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.cache/", "<rootDir>/bench/"],
  maxWorkers: 2,
  // A whole life of a stack in one test takes minutes; a hang must still end within a CI run.
  testTimeout: 15 * 60 * 1000,
  reporters: ["default", ["<rootDir>/testing/count-reporter.js", { file: "engine-counts.json" }]],
};
