import { networkFacts as awsNetwork } from "../components/aws/network-facts";
import { planSubnets } from "../components/aws/subnets";
import { networkFacts as gcpNetwork } from "../components/gcp/network-facts";
import type { CloudName } from "../components/cmb-cluster";
import { signIns, valuesOf } from "./combinations";
import { networks } from "./networks";
import { objectsOf, type Rendered } from "./render";
import { describeWithTools } from "../testing/with-tools";
import { allowed, type Place, places } from "./walls";

/** Every way that is open; with a cloud's name, on that cloud alone. */
const open: readonly (readonly [Place, Place, number, ("TCP" | "UDP" | CloudName)?])[] = [
  ...(["an environment", "a pod of unknown labels", "the backend", "the front end"] as const).flatMap(
    (from) =>
      (["cluster DNS", "DNS by its address"] as const).flatMap(
        (dns) =>
          [
            [from, dns, 53, "UDP"],
            [from, dns, 53],
          ] as const,
      ),
  ),
  ["an environment", "the internet", 443],
  ["an environment", "the internet", 22],
  ["an environment", "the metadata server", 80, "gcp"],
  ["an environment", "the metadata server on the node", 988, "gcp"],
  ["the ingress controller", "an environment", 8888],
  ["the ingress controller", "an environment", 8501],
  ["the ingress controller", "another environment", 8888],
  ["the ingress controller", "the backend", 8000],
  ["the ingress controller", "the front end", 8501],
  ["the front end", "the backend", 8000],
  ["the front end", "the internet", 443],
  ["the backend", "the internet", 443],
  ["the backend", "the API server's Service", 443],
  ["the backend", "the API server", 443],
  ["the backend", "the metadata server", 80, "gcp"],
  ["the backend", "the metadata server on the node", 988, "gcp"],
  ["the restore drill", "the internet", 443],
  ["the restore drill", "the API server", 443],
  ["the restore drill", "the API server's Service", 443],
  ["the restore drill", "the metadata server", 80, "gcp"],
  ["the restore drill", "the metadata server on the node", 988, "gcp"],
  ["the restore drill", "cluster DNS", 53],
  ["the restore drill", "cluster DNS", 53, "UDP"],
  ["the restore drill", "DNS by its address", 53],
  ["the restore drill", "DNS by its address", 53, "UDP"],
  ["another environment", "the internet", 443],
  ["another environment", "the internet", 22],
  ["another environment", "the metadata server", 80, "gcp"],
  ["another environment", "the metadata server on the node", 988, "gcp"],
  ["another environment", "cluster DNS", 53],
  ["another environment", "cluster DNS", 53, "UDP"],
  ["another environment", "DNS by its address", 53],
  ["another environment", "DNS by its address", 53, "UDP"],
];

/**
 * On AWS the control plane's addresses are some of the private subnets', which are not known beforehand, so the backend
 * may dial port 443 of anything in these; nothing of the platform listens there.
 */
const inPrivateSubnets: readonly Place[] = [
  ...(["cluster DNS", "a DNS of its own", "another system pod", "a node"] as const),
  ...(["the ingress controller", "another pod beside it", "a pod labelled like it"] as const),
];

/** Those that anything of the platform listens at, the metrics of Litestream and of the keeper (9090, 9091) among them. */
const ports = [22, 53, 80, 443, 987, 988, 8000, 8080, 8501, 8888, 9090, 9091, 10250] as const;
const inNamespace: readonly Place[] = [
  ...(["an environment", "another environment", "a pod of unknown labels"] as const),
  ...(["the backend", "the front end", "the restore drill"] as const),
];

describeWithTools(["helm", "policy-evaluator"], "the walls", () => {
  describe.each(["gcp", "aws"] as const)("on %s", (cloud) => {
    let objects: Rendered[];
    beforeAll(() => (objects = objectsOf(valuesOf(cloud, signIns["both, google first"]!, "prod"))));

    test("[H5] of all connections with a pod of the namespace these are open, and no other", () => {
      const who = places(cloud);
      const names = Object.keys(who) as Place[];
      const attempts = names.flatMap((from) =>
        names
          .filter((to) => from !== to && (inNamespace.includes(from) || inNamespace.includes(to)))
          .flatMap((to) =>
            (["TCP", "UDP"] as const).flatMap((protocol) =>
              ports.map((port) => ({ from, to, port, protocol })),
            ),
          ),
      );
      expect(attempts.length).toBeGreaterThan(3000);
      const verdicts = allowed(
        objects,
        attempts.map((each) => ({ ...each, from: who[each.from], to: who[each.to] })),
      );
      const line = (from: string, to: string, port: number, protocol: string) =>
        `${from} -> ${to}:${port}/${protocol}`;
      const found = attempts
        .filter((_, i) => verdicts[i])
        .map(({ from, to, port, protocol }) => line(from, to, port, protocol));
      const expected = open
        .filter(([, , , on]) => on === undefined || on === "TCP" || on === "UDP" || on === cloud)
        .map(([from, to, port, on]) => line(from, to, port, on === "UDP" ? "UDP" : "TCP"));
      const subnets = (["the backend", "the restore drill"] as const).flatMap((from) =>
        cloud === "aws" ? inPrivateSubnets.map((to) => line(from, to, 443, "TCP")) : [],
      );
      const everywhere = (["an environment", "another environment"] as const).flatMap((from) =>
        // The internet is open to an environment at any port, and the ingress controller finds it at any.
        [
          ...(["TCP", "UDP"] as const).flatMap((protocol) =>
            ports.map((port) => line(from, "the internet", port, protocol)),
          ),
          ...ports.map((port) => line("the ingress controller", from, port, "TCP")),
        ],
      );
      expect([...new Set(found)].sort()).toEqual(
        [...new Set([...expected, ...subnets, ...everywhere])].sort(),
      );
    });

    test("[H5] without the walls everything is open: the evaluator's verdicts come from the policies", () => {
      const who = places(cloud);
      const hostile = { from: who["an environment"], to: who["another environment"], port: 8888 };
      expect(allowed([], [hostile])).toEqual([true]);
      expect(allowed(objects, [hostile])).toEqual([false]);
    });

    test("[H5] one default closes both directions for every pod of the namespace, whatever its labels", () => {
      const everyone = objects.find(({ metadata }) => metadata.name === "cmbcluster-everyone") as unknown as {
        spec: { podSelector: object; policyTypes: string[]; ingress: unknown[] };
      };
      expect(everyone.spec).toMatchObject({
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
      });
    });
  });
});

test("[H5] the networks of these tests are what the clouds' own code says of the default ranges", () => {
  expect(
    gcpNetwork({
      nodesCidr: "10.0.0.0/20",
      podsCidr: "10.16.0.0/14",
      servicesCidr: "10.20.0.0/20",
      controlPlaneCidr: "172.16.0.0/28",
    }),
  ).toEqual(networks.gcp);
  const privateCidrs = planSubnets("10.0.0.0/16").private;
  expect(awsNetwork({ cidr: "10.0.0.0/16", servicesCidr: "172.20.0.0/16", privateCidrs })).toEqual(
    networks.aws,
  );
});

test("[H5] a network of public addresses is inside all the same", () => {
  const values = valuesOf("aws", signIns["both, google first"]!, "dev");
  for (const cidr of networks.aws.internalCidrs) expect(values.walls.notInternet).toContain(cidr);
});
