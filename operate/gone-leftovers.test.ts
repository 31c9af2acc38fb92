import { exported, onAmazon, onGoogle, resource } from "./fixtures/stack";
import { type Answer, scripted } from "./fixtures/world";
import { main } from "./main";

const google = [
  onGoogle,
  resource("gcp:container/cluster:Cluster", "gke", { inputs: { name: "cmb-dev", location: "europe-west4" } }),
  resource("gcp:compute/network:Network", "vpc", { inputs: { name: "cmb-dev" } }),
  resource("gcp:compute/address:Address", "address", { outputs: { address: "34.1.2.3" } }),
];
const CHECK = "https://www.googleapis.com/compute/v1/projects/science-1/global/healthChecks/k8s2-a-hc";
const left: Record<string, Answer> = {
  "gcloud compute forwarding-rules list": {
    stdout: JSON.stringify([
      { name: "k8s2-a", backendService: "https://x/regions/europe-west4/backendServices/k8s2-a" },
    ]),
  },
  "gcloud compute backend-services list": {
    stdout: JSON.stringify([{ name: "k8s2-a", healthChecks: [CHECK] }]),
  },
  "gcloud compute firewall-rules list": { stdout: '[{"name":"k8s2-a-fw"}]' },
};
const gone: Record<string, Answer> = {
  "gcloud container clusters describe": { code: 1, stderr: "ResponseError: code=404, message=Not found: x." },
  "pulumi stack export": exported(google),
  "pulumi destroy": {},
};
const nothing = { gcloud: { stdout: "[]" } };

async function destroyed(answers: Record<string, Answer>) {
  const world = scripted({ ...gone, ...answers, ...nothing });
  const code = await main(["destroy", "s1", "--yes"], world);
  const lines = world.calls.map(({ line }) => line);
  return {
    code,
    err: world.texts.err,
    lines,
    removed: lines.filter((line) => / delete .*--quiet/.test(line)),
  };
}

test("[O5] what a cluster of Google's that is gone left behind is named, taken away in its order, and then the rest", async () => {
  const { code, err, lines, removed } = await destroyed({ ...left });
  expect(code).toBe(0);
  expect(err).toContain(
    "what it left behind is taken away: k8s2-a (forwarding-rules), k8s2-a (backend-services), k8s2-a-hc (health-checks), k8s2-a-fw (firewall-rules)",
  );
  expect(removed).toEqual([
    "gcloud compute forwarding-rules delete k8s2-a --region europe-west4 --project science-1 --quiet",
    "gcloud compute backend-services delete k8s2-a --region europe-west4 --project science-1 --quiet",
    "gcloud compute health-checks delete k8s2-a-hc --global --project science-1 --quiet",
    "gcloud compute firewall-rules delete k8s2-a-fw --project science-1 --quiet",
  ]);
  expect(lines.indexOf(removed.at(-1)!)).toBeLessThan(
    lines.findIndex((line) => line.startsWith("pulumi destroy")),
  );
});

test("only what listens at the stack's own address and what is in its own network is asked for", async () => {
  const { lines } = await destroyed({});
  const asked = lines.filter((line) => /compute \S+ list/.test(line) && !line.includes("disks"));
  expect(asked.map((line) => /--filter (.*) --project/.exec(line)![1])).toEqual([
    "IPAddress=34.1.2.3",
    "network~/cmb-dev$ AND name~^(gke|k8s)",
  ]);
});

test("what does not go stops the destroy before anything else is touched; a shared health check does not", async () => {
  const failing = (kind: string): Record<string, Answer> => ({
    [`gcloud compute ${kind} delete`]: { code: 1, stderr: "ERROR: resource in use" },
  });
  const stopped = await destroyed({ ...left, ...failing("forwarding-rules") });
  expect([stopped.code, stopped.lines.filter((line) => line.startsWith("pulumi destroy"))]).toEqual([1, []]);
  expect(stopped.err).toContain("it does not go: ERROR: resource in use");
  const went = await destroyed({ ...left, ...failing("health-checks") });
  expect(went.code).toBe(0);
});

test("a question that is not answered stops it, and stands there to be asked by hand", async () => {
  const silent = { "gcloud compute firewall-rules list": { code: 1, stderr: "PERMISSION_DENIED" } };
  const { code, err, lines } = await destroyed(silent);
  expect([code, lines.filter((line) => line.startsWith("pulumi destroy"))]).toEqual([1, []]);
  expect(err).toContain(
    "nobody knows what the cluster has left behind, so nothing was touched: PERMISSION_DENIED",
  );
  expect(err).toContain("gcloud compute firewall-rules list --filter");
});

test("on Amazon the load balancer is the program's, and nothing is asked for", async () => {
  const world = scripted({
    "aws sts": { stdout: '{"Account":"123456789012"}' },
    "aws eks": { code: 254, stderr: "(ResourceNotFoundException) No cluster found for name: cmb-dev" },
    "pulumi stack export": exported([onAmazon, resource("aws:eks/cluster:Cluster", "eks")]),
    "pulumi destroy": {},
    aws: { stdout: '{"Role":{"RoleName":"r"},"Volumes":[],"Buckets":[]}' },
  });
  expect(await main(["destroy", "s1", "--yes"], world)).toBe(0);
  expect(world.calls.filter(({ line }) => line.includes("gcloud"))).toEqual([]);
});
