import { beyondKept, KEPT } from "./destroy";
import { changes, errorsOf, type Shipped, type StackLife } from "./stack-life";

/** What somebody deletes in the console to be rid of a cluster: on Amazon its node groups first. */
const IN_THE_CONSOLE: Readonly<Record<Shipped, readonly string[]>> = {
  "gcp-dev": ["gcp:container/cluster:Cluster"],
  "aws-dev": ["aws:eks/nodeGroup:NodeGroup", "aws:eks/cluster:Cluster"],
};

/**
 * A cluster that somebody has deleted in the console, its API server with it: point 3.3. What is left of the stack
 * is destroyed all the same, and what it keeps is whole.
 */
export function goneCluster(lifeOf: () => StackLife): void {
  const kubernetes = async () =>
    ((await lifeOf().lab.state(lifeOf().stack)).deployment.resources ?? []).filter(
      ({ type, custom }) => custom === true && type.startsWith("kubernetes:"),
    );

  test("[O5] a cluster that was deleted in the console takes its API server with it", async () => {
    const life = lifeOf();
    for (const kind of IN_THE_CONSOLE[life.stack])
      for (const { object } of await life.lab.cloud.list(kind)) await life.lab.cloud.end(object);
    expect(await life.lab.cloud.kubeconfigs()).toEqual({});
    expect((await kubernetes()).length).toBeGreaterThan(5);
  });

  test("[O5] with expired credentials nobody takes it for gone: the state keeps everything", async () => {
    const life = lifeOf();
    const before = await kubernetes();
    await life.lab.cloud.credentials(false);
    const { code, err } = await life.npmRun("destroy", life.stack, "--yes");
    await life.lab.cloud.credentials(true);
    expect([code, /log-in does not hold any more/.test(err)]).toEqual([1, true]);
    expect(await kubernetes()).toEqual(before);
  });

  test("[O5] plain pulumi destroy is held up by what was in it", async () => {
    const result = await lifeOf().pulumi("destroy", "--exclude-protected", "--yes", "--skip-preview");
    expect(result.code).not.toBe(0);
    expect(errorsOf(result)).toMatch(/unreachable/);
  });

  test("[O5] npm run destroy drops what was in it from the state, says so, ends, and leaves what is kept", async () => {
    const life = lifeOf();
    const { code, err } = await life.npmRun("destroy", life.stack, "--yes");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    expect(err).toContain("its cluster is gone, the cloud says so");
    expect(err).toContain("PULUMI_K8S_DELETE_UNREACHABLE=true pulumi refresh");
    expect(await kubernetes()).toEqual([]);
    expect(await beyondKept(life)).toEqual([]);
  });

  test("[O5] and a preview makes the stack anew, without taking anything kept for new", async () => {
    const life = lifeOf();
    const preview = await life.pulumi("preview");
    expect(errorsOf(preview)).toBe("");
    expect(Object.keys(changes(preview))).not.toContain("replace");
    const made = preview.events.flatMap(({ resourcePreEvent }) =>
      resourcePreEvent?.metadata.op === "create"
        ? [`${resourcePreEvent.metadata.type} ${resourcePreEvent.metadata.urn.split("::").at(-1)}`]
        : [],
    );
    const holds = /:(Bucket|Key|Zone|ManagedZone|UserPool|Secret) /;
    const wanted = KEPT[life.stack].filter((name) => holds.test(name));
    expect(wanted).not.toEqual([]);
    expect(made.filter((name) => wanted.includes(name))).toEqual([]);
  });
}
