import { bytesOf } from "./quantity";

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
