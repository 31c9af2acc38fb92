import { InvalidArgsError } from "../errors";
import { mebibytes, milliCores } from "./quantity";

test.each([
  ["250m", 250],
  ["1", 1000],
  ["0.5", 500],
  ["1.125", 1125],
])("%s is %d thousandths of a core", (quantity, expected) => {
  expect(milliCores(quantity)).toBe(expected);
});

test.each([
  ["512Mi", 512],
  ["2Gi", 2048],
])("%s is %d MiB", (quantity, expected) => {
  expect(mebibytes(quantity)).toBe(expected);
});

test.each(["", "1 core", "1.5m", "-1", "1.0001"])("%p is no amount of CPU", (quantity) => {
  expect(() => milliCores(quantity)).toThrow(InvalidArgsError);
});

test.each(["", "2G", "1.5Gi", "512"])("%p is no amount of memory in Mi or Gi", (quantity) => {
  expect(() => mebibytes(quantity)).toThrow(InvalidArgsError);
});
