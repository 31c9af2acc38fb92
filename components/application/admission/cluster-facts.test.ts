import { fakeCluster } from "../../../testing/fake-cluster";
import { record } from "../../../testing/record";
import type { MountHelper } from "../../user-volumes";
import type { AdmissionFacts } from "./facts";
import { mendingPolicy } from "./mend";
import { volumePolicy, volumeWall } from "./volumes";
import { environmentWall } from "./walls";

/*
 * What a cloud says of its nodes and its driver, as it stands in the policies' expressions. That the API server and
 * Kyverno take these expressions, and what they let in, is shown by `npm run test:data -- drills/admission`.
 */

const helper: MountHelper = {
  container: "mounter",
  image: "^registry\\.example\\.org/mounter:.+$",
  volumes: ["mounter-tmp", "mounter-cache"],
  resources: {
    requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "1Gi" },
    limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "20Gi" },
  },
};
const taint = { key: "fake/pool", operator: "Equal", value: "users", effect: "NoSchedule" } as const;
const pulledNodes = { namespace: "science-spare-room", labels: { "cmb.dev/images": "pulled" } };

type UserVolumes = AdmissionFacts["cluster"]["userVolumes"];
interface Changes {
  readonly userVolumes?: Partial<UserVolumes>;
  readonly tolerations?: readonly (typeof taint)[];
  readonly pulledNodes?: AdmissionFacts["pulledNodes"];
}

async function factsWith({
  userVolumes,
  tolerations = [],
  pulledNodes,
}: Changes = {}): Promise<AdmissionFacts> {
  const { result: fake } = await record(() => fakeCluster());
  const cluster = {
    ...fake,
    userVolumes: { ...fake.userVolumes, ...userVolumes },
    userPlacement: { ...fake.userPlacement, tolerations },
  };
  return { cluster, namespace: "science", images: ["registry.example.org"], pulledNodes };
}

/** The pod as it is written: the one mutation that is not of its volumes. */
const mended = (facts: AdmissionFacts) =>
  mendingPolicy(facts).spec.mutations.flatMap(({ applyConfiguration }) => applyConfiguration ?? [])[0]!
    .expression;
const volumes = (facts: AdmissionFacts) =>
  mendingPolicy(facts).spec.mutations.flatMap(({ jsonPatch }) => jsonPatch ?? [])[0]!.expression;
/** Of the wall around environments: the check that tells the requester this. */
const check = (facts: AdmissionFacts, message: RegExp) =>
  environmentWall(facts).spec.validations.filter((one) => message.test(one.message));

describe("a driver that puts a container into the pod", () => {
  test("[S4] it gets room for large writes, beside the one that waits for the bucket", async () => {
    const written = mended(await factsWith({ userVolumes: { helper } }));
    expect(written).toContain(
      ' : c.name == "mounter" ? Object.spec.initContainers{name: c.name, ' +
        "resources: Object.spec.initContainers.resources{" +
        `requests: ${JSON.stringify(helper.resources.requests)}, limits: ${JSON.stringify(helper.resources.limits)}}}` +
        " : Object.spec.initContainers{name: c.name}",
    );
    expect(mended(await factsWith())).not.toContain("mounter");
  });

  test("[H5] only the cloud's own image passes as it, made as the cloud makes it, with empty directories", async () => {
    const facts = await factsWith({ userVolumes: { helper } });
    const [image] = check(facts, /^mounter is the cloud's own/);
    expect(image!.expression).toBe(
      `variables.helpers.all(c, c.image.matches(${JSON.stringify(helper.image)}))`,
    );
    const [shape] = check(facts, /^mounter is as the cloud makes it/);
    for (const refused of [
      "privileged",
      "capabilities.add",
      "lifecycle",
      "command",
      "valueFrom",
      "envFrom",
    ]) {
      expect(shape!.expression).toContain(refused);
    }
    const { variables } = environmentWall(facts).spec;
    expect(variables.find(({ name }) => name === "helpers")!.expression).toContain('c.name == "mounter"');
    expect(
      check(facts, /^The volumes of an environment are .*user-files, mounter-tmp, mounter-cache\.$/),
    ).toHaveLength(1);
    expect(check(facts, /^The helper's volumes/)[0]!.expression).toContain('["mounter-tmp","mounter-cache"]');
  });

  test("[H5] where the driver brings none, no further container passes", async () => {
    const facts = await factsWith();
    expect(check(facts, /the cloud's own|as the cloud makes it/)).toEqual([]);
    expect(check(facts, /^An environment has one container/)[0]!.expression).toContain(
      "size(variables.others) == 0",
    );
  });
});

test("[S4] annotations that the driver wants are written, allowed by name, and held to their value", async () => {
  const facts = await factsWith({ userVolumes: { podAnnotations: { "fake/volumes": "true" } } });
  expect(mended(facts)).toContain('"cmb.dev/owner": variables.owner, "fake/volumes": "true"}');
  expect(check(facts, /^An annotation asks/)[0]!.expression).toContain('key in ["fake/volumes"]');
  expect(check(facts, /^The annotation fake\/volumes is true\.$/)).toEqual([
    expect.objectContaining({
      expression: 'object.metadata.?annotations[?"fake/volumes"].orValue("") == "true"',
    }),
  ]);
  const without = await factsWith();
  expect(mended(without)).toContain('"cmb.dev/owner": variables.owner}');
  expect(check(without, /^The annotation /)).toEqual([]);
});

test("[S4] attributes that the driver wants stand in the volume, inline or made, and another value is refused", async () => {
  const attributes = { authenticationSource: "driver" };
  const inline = await factsWith({ userVolumes: { attributes } });
  expect(volumes(inline)).toContain('"authenticationSource": dyn("driver")');
  expect(check(inline, /^The volume of the bucket is not/)[0]!.expression).toContain(
    'v.csi.?volumeAttributes[?"authenticationSource"].orValue("") == "driver"',
  );
  const claim = await factsWith({ userVolumes: { attributes, kind: "claim" } });
  expect(volumes(claim)).not.toContain("authenticationSource");
  const made = volumePolicy(claim).spec.variables.find(({ name }) => name === "volume")!;
  expect(made.expression).toContain('"authenticationSource": dyn("driver")');
  const [, asMade] = volumeWall(claim).spec.validations;
  expect(asMade!.expression).toContain(
    ' && object.spec.csi.?volumeAttributes[?"authenticationSource"].orValue("") == "driver"',
  );
});

test("[H5] taints of dedicated user nodes are tolerated, and no others but the API server's own", async () => {
  const dedicated = await factsWith({ tolerations: [taint] });
  expect(mended(dedicated)).toContain(` + ${JSON.stringify([taint])},`);
  const own = '"node.kubernetes.io/not-ready","node.kubernetes.io/unreachable"';
  const [taints] = check(dedicated, /^An environment tolerates no taint/);
  expect(taints!.expression).toContain(`in [${own},"fake/pool"])`);
  const open = await factsWith();
  expect(mended(open)).toContain(" + [],");
  expect(check(open, /^An environment tolerates no taint/)[0]!.expression).toContain(`in [${own}])`);
});

describe("where spare room is kept", () => {
  test("[H6] a pod asks for a node that has its images, and for nothing else by affinity", async () => {
    const facts = await factsWith({ pulledNodes });
    const written = mended(facts);
    expect(written).toContain('matchLabels: {"cmb.dev/images":"pulled"}');
    expect(written).toContain('namespaces: ["science-spare-room"], topologyKey: "kubernetes.io/hostname"');
    expect(written).toContain("requiredDuringSchedulingIgnoredDuringExecution");
    const [wish, ...more] = check(facts, /affinity/);
    expect(more).toEqual([]);
    expect(wish!.message).toBe("The only wish in affinity is for a node that has the images.");
    const list = "object.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution";
    for (const condition of [
      "has(object.spec.affinity)",
      "!has(object.spec.affinity.nodeAffinity)",
      "!has(object.spec.affinity.podAntiAffinity)",
      `${list}[0].topologyKey == "kubernetes.io/hostname"`,
      `${list}[0].?namespaces.orValue([]) == ["science-spare-room"]`,
      `${list}[0].?labelSelector.?matchLabels[?"cmb.dev/images"].orValue("") == "pulled"`,
    ]) {
      expect(wish!.expression.split(" && ")).toContain(condition);
    }
  });

  test("[H6] elsewhere none is written, and any is refused", async () => {
    const facts = await factsWith();
    expect(mended(facts)).not.toContain("affinity");
    expect(check(facts, /affinity/)).toEqual([
      {
        expression: "!has(object.spec.affinity)",
        message: "spec.affinity is not for environments: it gives nodes of its own choice.",
      },
    ]);
  });
});
