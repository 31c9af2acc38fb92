import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configure, type Lab, type PulumiResult } from "./lab";
import { openShipped } from "./shipped";
import { strays } from "./strays";
import { duration } from "./timeline-text";
import { criticalPath } from "./engine/timeline";
import { dependenciesOf } from "./state";

/**
 * The shipped stacks, unchanged but for their placeholders, by the real engine on simulated clouds with a genuine
 * control plane: made without images, made again, refreshed, completed with images. No cloud has accepted anything.
 */
describe.each([
  { stack: "gcp-dev", minutes: 11 },
  { stack: "aws-dev", minutes: 18 },
] as const)("$stack", ({ stack, minutes }) => {
  const folder = mkdtempSync(join(tmpdir(), "shipped-"));
  let lab: Lab;

  beforeAll(async () => {
    lab = await openShipped(stack, { folder });
  });
  afterAll(async () => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const succeed = async (...args: string[]): Promise<Readonly<Record<string, number>>> => {
    const result = await lab.pulumi(args);
    expect({ code: result.code, errors: errorsOf(result) }).toEqual({ code: 0, errors: [] });
    return (
      result.events.map(({ summaryEvent }) => summaryEvent).findLast((event) => event)?.resourceChanges ?? {}
    );
  };
  const outputs = async () =>
    JSON.parse((await lab.pulumi(["stack", "output", "--json"])).stdout) as Record<string, never>;

  test(`up from nothing builds all but the application, in less than ${minutes} simulated minutes`, async () => {
    const changes = await succeed("up", "--yes", "--skip-preview");
    expect(Object.keys(changes)).toEqual(["create"]);
    expect(await outputs()).toMatchObject({ application: "waits for images" });
    const path = criticalPath(await lab.cloud.operations(), dependenciesOf(await lab.state(stack)));
    console.log(`${stack}: ${changes["create"]} made in ${duration(path.seconds)} of simulated time`);
    expect(path.seconds).toBeLessThan(minutes * 60);
    expect(strays(await lab.cloud.list(), await lab.state(stack))).toEqual([]);
  });

  test("another up changes nothing, and a refresh finds nothing", async () => {
    expect(Object.keys(await succeed("up", "--yes"))).toEqual(["same"]);
    expect(Object.keys(await succeed("refresh", "--yes"))).toEqual(["same"]);
  });

  test("after a push, the next up installs the application; its pods become ready", async () => {
    const { repositories } = (await outputs())["registry"]! as { repositories: Record<string, string> };
    for (const repository of Object.values(repositories)) await lab.cloud.push(`${repository}:v1`);
    configure(lab, stack, { "cmbcluster:images": { tag: "v1" } });
    const changes = await succeed("up", "--yes", "--skip-preview");
    expect(changes["create"]).toBeGreaterThan(0);
    expect(changes["replace"] ?? 0).toBe(0);
    expect((await outputs())["application"]).not.toBe("waits for images");
  });
});

function errorsOf({ events }: PulumiResult): string[] {
  return events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? [diagnosticEvent.message] : [],
  );
}
