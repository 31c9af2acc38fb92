import { fakeCluster } from "../../../testing/fake-cluster";
import { record } from "../../../testing/record";
import type { UserVolumes } from "../../user-volumes";
import { admissionManifests } from "./manifests";
import { admissionNeeds } from "./needs";

const factsWith = async (userVolumes: UserVolumes["kind"]) => {
  const { result } = await record(() => fakeCluster({ userVolumes }));
  return { cluster: result, namespace: "science", images: ["registry.example.org"] };
};

test.each(["inline", "claim"] as const)(
  "[N5] every policy outside the namespace is needed, each wall with what enforces it, with volumes of the kind %s",
  async (kind) => {
    const facts = await factsWith(kind);
    const made = admissionManifests(facts).filter(({ metadata }) => metadata.namespace === undefined);
    const needs = admissionNeeds(facts);
    expect(needs.map(({ apiVersion, kind, name }) => `${apiVersion} ${kind} ${name}`)).toEqual(
      made.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`),
    );
    const walls = needs.filter(({ kind }) => kind === "ValidatingAdmissionPolicy").map(({ name }) => name);
    const enforced = needs.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
    expect(enforced.map(({ name }) => name)).toEqual(walls);
    expect(walls.length).toBeGreaterThan(1);
    for (const { resource, kind, purpose, remedy } of needs) {
      expect(resource).toBe(kind.toLowerCase().replace(/y$/, "ies").replace(/g$/, "gs"));
      expect([purpose, remedy]).not.toContain("");
    }
  },
);
