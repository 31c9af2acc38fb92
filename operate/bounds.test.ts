import { outOfBounds, renderBounds } from "./bounds";
import type { Plan, Step } from "./plan";

const urn = "urn:pulumi:s1::cmbcluster::aws:eks/nodeGroup:NodeGroup::cmb-nodes-users";
const arn = "arn:aws:eks:eu-central-1:123456789012:nodegroup/cmb-dev/users-t3-xlarge/8ec8";

function plan(present: number | undefined, bounds: object | undefined, over: Partial<Step> = {}): Plan {
  const type = "aws:eks/nodeGroup:NodeGroup";
  const step: Step = {
    op: "update",
    urn,
    oldState: {
      urn,
      type,
      outputs: { arn, ...(present !== undefined && { scalingConfig: { desiredSize: present } }) },
    },
    newState: { urn, type, inputs: bounds ? { scalingConfig: bounds } : {} },
    ...over,
  };
  return { steps: [step], diagnostics: [], summary: {} };
}

// Whether EKS still refuses it so is not shown here; the words are its own (UpdateNodegroupConfig).
test("a minimum above the present size is told with the command that moves both together", () => {
  const groups = outOfBounds(plan(0, { minSize: 1, maxSize: 12 }));
  expect(groups).toMatchObject([{ name: "cmb-nodes-users", min: 1, max: 12, present: 0 }]);
  expect(renderBounds(groups, "s1")).toBe(
    "refused, nothing was touched: EKS takes no bounds that the present size of a node group is outside of\n" +
      "  cmb-nodes-users: 1 to 12 nodes, of which it has 0 now\n" +
      "    aws eks update-nodegroup-config --region eu-central-1 --cluster-name cmb-dev --nodegroup-name users-t3-xlarge --scaling-config minSize=1,maxSize=12,desiredSize=1\n" +
      "  then again: npm run up -- s1",
  );
});

test("a maximum below it is waited for: nodes taken by hand end user environments", () => {
  const [group] = outOfBounds(plan(7, { minSize: 0, maxSize: 5 }));
  expect(group!.command).toBeUndefined();
  expect(renderBounds([group!], "s1")).toContain("wait until the autoscaler has shrunk it");
});

test("bounds around the present size, new groups, other types and unknown sizes are let through", () => {
  expect(outOfBounds(plan(3, { minSize: 3, maxSize: 3 }))).toEqual([]);
  expect(outOfBounds(plan(0, { minSize: 1, maxSize: 2 }, { op: "create" }))).toEqual([]);
  expect(
    outOfBounds(plan(0, { minSize: 1, maxSize: 2 }, { newState: { urn, type: "aws:eks/addon:Addon" } })),
  ).toEqual([]);
  expect(outOfBounds(plan(undefined, { minSize: 1, maxSize: 2 }))).toEqual([]);
  expect(outOfBounds(plan(0, undefined))).toEqual([]);
  expect(renderBounds([], "s1")).toBe("");
});
