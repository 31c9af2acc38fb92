import { begin, errorsOf, SHIPPED, type StackLife } from "./stack-life";

/**
 * A stack that grows up: from dev to staging to prod, while it lives. Clusters are records here. What holds data, and
 * the cluster itself, are the same things afterwards.
 */
const HOLDS =
  /:(Bucket|Key|Zone|ManagedZone|UserPool|Secret|SecretVersion|Cluster|Vpc|Network|Account|Role)$|hidden\/(disk|ebsVolume)/;

describe.each(SHIPPED)("%s", (stack) => {
  let life: StackLife;
  let before: readonly string[];
  beforeAll(async () => {
    life = await begin(stack, { clusters: false, instant: true }, { "cmbcluster:images": { tag: "1.0.0" } });
    expect(errorsOf(await life.up())).toBe("");
    before = await holders();
  });
  afterAll(() => life.close());

  const holders = async () =>
    (await life.lab.cloud.list())
      .filter(({ object, urn }) => urn !== undefined && HOLDS.test(object.kind))
      .map(({ object }) => `${object.kind} ${object.id} ${object.createdAt}`)
      .sort();

  test.each(["staging", "prod"])(
    "[O5] to %s: nothing that holds data is made anew, and the run ends",
    async (profile) => {
      life.configure({ "cmbcluster:profile": profile });
      const preview = await life.pulumi("preview");
      expect(errorsOf(preview)).toBe("");
      const lost = preview.events.flatMap(({ resourcePreEvent }) => {
        const { op = "", type = "", urn = "" } = resourcePreEvent?.metadata ?? {};
        return /delete|replace/.test(op) && HOLDS.test(type) ? [`${op} ${urn.split("::").at(-1)}`] : [];
      });
      expect(lost).toEqual([]);
      expect(errorsOf(await life.up())).toBe("");
      const after = await holders();
      expect(before.filter((one) => !after.includes(one))).toEqual([]);
    },
  );
});
