import { fakeCluster } from "../../testing/fake-cluster";
import { record } from "../../testing/record";
import { networkWalls, wallValues } from "./network-walls";

const ingressController = { namespace: "doors", labels: { role: "door" } };

test("[H5] the walls' values are the network's own facts, and what a mount needs is there where a cloud names it", async () => {
  const { result: fake } = await record(() => fakeCluster());
  const mount = { cidr: "169.254.169.252/32", port: 988 };
  const walls = networkWalls({ network: { ...fake.network, bucketMount: [mount] } }, { ingressController });
  expect(wallValues.parse(walls)).toEqual(walls);
  expect(walls).toMatchObject({
    bucketMount: [mount],
    apiServer: [{ cidr: "10.8.0.1/32", port: 443 }],
    dns: { cidrs: ["10.8.0.10/32"] },
    ingressController: { namespace: "doors", pods: { role: "door" } },
  });
  expect(networkWalls(fake, { ingressController }).bucketMount).toEqual([]);
});

test("[H5] the internet leaves out special ranges and the network's own, public ones too, each once", async () => {
  const { result: fake } = await record(() => fakeCluster());
  const internalCidrs = ["10.0.0.0/8", "198.51.100.0/24"];
  const { notInternet } = networkWalls(
    { network: { ...fake.network, internalCidrs } },
    { ingressController },
  );
  expect(notInternet.filter((cidr) => cidr === "10.0.0.0/8")).toHaveLength(1);
  expect(notInternet).toEqual(
    expect.arrayContaining(["169.254.0.0/16", "192.168.0.0/16", "172.16.0.0/12", "198.51.100.0/24"]),
  );
});
