import { bytesOf, thousandthsOf } from "./quantity";

test.each([
  ["20Gi", 20 * 2 ** 30],
  ["1.5Ki", 1536],
  ["5G", 5e9],
  ["1000", 1000],
  ["much", 0],
  ["10Xi", 0],
])("%s are %d bytes", (quantity, bytes) => {
  expect(bytesOf(quantity)).toBe(bytes);
});

test.each([
  ["500m", "0.5"],
  ["1Gi", "1024Mi"],
  ["2", "2000m"],
])("%s is as much as %s", (one, other) => {
  expect(thousandthsOf(one)).toBeDefined();
  expect(thousandthsOf(one)).toBe(thousandthsOf(other));
});

test("what is no quantity is as much as nothing else", () => {
  expect(["much", "10Xi", ""].map(thousandthsOf)).toEqual([undefined, undefined, undefined]);
});
