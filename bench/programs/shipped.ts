import "./used";

// The program as it is: the runner calls what it exports.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- it has no named export, and types of none
module.exports = require("../../infra") as unknown;
