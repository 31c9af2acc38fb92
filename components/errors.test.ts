import { InvalidArgsError } from "./errors";

test("a refused argument names key, value, cause and remedy", () => {
  const error = new InvalidArgsError("nodes.max", 0, "a pool needs one node", "Write 1 or more.");
  expect(error.message).toBe("nodes.max = 0: a pool needs one node. Write 1 or more.");
  expect([error.name, error.key, error.value]).toEqual(["InvalidArgsError", "nodes.max", 0]);
});
