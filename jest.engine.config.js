const { projects } = require("./jest.config.js");

/**
 * The slow tests: the genuine Pulumi engine, Kubernetes API server and provider against simulated clouds. One
 * file after the other, because each of them runs whole stacks on both cores.
 */
const { transform } = projects[0];

module.exports = {
  rootDir: __dirname,
  displayName: "engine",
  testEnvironment: "node",
  transform,
  testMatch: ["<rootDir>/**/*.engine.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.cache/", "<rootDir>/bench/"],
  maxWorkers: 1,
  // A whole life of a stack in one test takes minutes; a hang must still end within a CI run.
  testTimeout: 15 * 60 * 1000,
  reporters: ["default", ["<rootDir>/testing/count-reporter.js", { file: "engine-counts.json" }]],
};
