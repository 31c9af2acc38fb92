import { addressIn } from "./network-facts";

test.each([
  ["10.8.0.0/20", 1, "10.8.0.1/32"],
  ["172.20.0.0/16", 10, "172.20.0.10/32"],
  ["192.168.255.0/24", 256, "192.169.0.0/32"],
])("an address of a range is counted from its beginning: %s, %d", (cidr, place, address) => {
  expect(addressIn(cidr, place)).toBe(address);
});
