import { isPublic, isWorld } from "./ranges";

test("[P8] a range is public where it holds one address that somebody on the internet may have", () => {
  const open = [
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "198.51.100.0/24",
    "8.8.8.8/32",
    "8.8.8.8",
    "10.0.0.0/7",
  ];
  const inside = [
    "10.0.0.0/8",
    "10.1.2.3/32",
    "172.16.0.0/12",
    "192.168.4.0/24",
    "100.64.0.0/10",
    "127.0.0.1",
  ];
  expect(open.filter((range) => !isPublic(range))).toEqual([]);
  expect(inside.filter(isPublic)).toEqual([]);
  expect(["::/0", "2000::/3", "2001:db8::/32"].filter((range) => !isPublic(range))).toEqual([]);
  expect(["fd00::/8", "fc00::/7", "fe80::/10"].filter(isPublic)).toEqual([]);
  // 172.16.0.0/12 ends at 172.31.
  expect([
    isPublic("172.32.0.0/16"),
    isPublic("172.16.0.0/11"),
    isPublic("pl-123"),
    isPublic("1.2.3.256"),
  ]).toEqual([true, true, false, false]);
  expect(["0.0.0.0/0", "::/0", "0.0.0.0/1"].map(isWorld)).toEqual([true, true, false]);
});
