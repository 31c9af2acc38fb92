import { scripted, type Answer } from "./fixtures/world";
import { askForImages, renderMissingImages } from "./images";
import { main } from "./main";
import type { Plan, Step } from "./plan";

const host = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
const garden = "europe-west4-docker.pkg.dev/acme/cmb";
const urn = (type: string, name: string) => `urn:pulumi:s1::cmbcluster::${type}::${name}`;

function plan(images: object, mirrors: object, op = "update"): Plan {
  const release = urn("cmb:application:Application$cmb:application:Release", "application-release");
  const helm = urn(
    "cmb:application:Application$cmb:application:Release$kubernetes:helm.sh/v3:Release",
    "application-release-helm",
  );
  const state = (inputs: object) => ({ urn: "", type: "", inputs: inputs as Record<string, unknown> });
  const steps: Step[] = [
    { op: "same", urn: release, newState: state({ images, mirrors }) },
    { op, urn: helm, newState: state({}) },
  ];
  return { steps, diagnostics: [], summary: { update: 1 } };
}

const mirrors = {
  busybox: `${host}/cmb-mirror-busybox:1.37.0`,
  litestream: `${host}/cmb-mirror-litestream:0.5.16`,
};
const there: Answer = { stdout: "{}" };
const absent: Answer = {
  code: 254,
  stderr:
    "\nAn error occurred (ImageNotFoundException) when calling the DescribeImages operation: no such image",
};

test("[O1] each image in a registry of the stack's cloud is asked for by its tag or digest, and nothing elsewhere", async () => {
  const world = scripted({ "aws ecr": there, gcloud: there });
  const digest = `sha256:${"a".repeat(64)}`;
  const images = {
    backend: `${host}/cmb-backend@${digest}`,
    frontend: `${garden}/cmb-frontend:v1`,
    "user-environment": "docker.io/somebody/else:1",
  };
  expect(await askForImages(plan(images, { busybox: mirrors.busybox }), world.run)).toEqual({
    missing: [],
    unanswered: [],
  });
  const asked = "aws ecr describe-images --registry-id 111122223333 --repository-name";
  expect(world.calls.map(({ line }) => line)).toEqual([
    `${asked} cmb-mirror-busybox --image-ids imageTag=1.37.0 --region eu-central-1 --output json`,
    `${asked} cmb-backend --image-ids imageDigest=${digest} --region eu-central-1 --output json`,
    `gcloud artifacts docker images describe ${garden}/cmb-frontend:v1 --format json`,
  ]);
});

test("[O1] a plan that installs nothing asks nothing, nor one without an application", async () => {
  const world = scripted({});
  expect(await askForImages(plan({}, mirrors, "same"), world.run)).toEqual({ missing: [], unanswered: [] });
  expect(await askForImages({ steps: [], diagnostics: [], summary: {} }, world.run)).toEqual({
    missing: [],
    unanswered: [],
  });
});

test("[O1] only the cloud's own word makes an image missing; a stale log-in or a missing tool is told as such", async () => {
  const answers: Answer[] = [
    absent,
    { code: 127, stderr: "" },
    {
      code: 254,
      stderr: "An error occurred (ExpiredToken) when calling the DescribeImages operation: expired",
    },
  ];
  const world = scripted({ "aws ecr": () => answers.shift() as object });
  const images = { backend: `${host}/cmb-backend:v1` };
  const { missing, unanswered } = await askForImages(plan(images, mirrors), world.run);
  expect(missing).toEqual([mirrors.busybox]);
  expect(unanswered).toHaveLength(2);
  expect(unanswered[0]).toMatch(/cmb-mirror-litestream .*: ended with 127$/);
  expect(unanswered[1]).toMatch(/cmb-backend .*: .*log/);
});

test("[O1] what is missing is told with the commands that bring it", () => {
  const own = `${host}/cmb-backend:v1`;
  const text = renderMissingImages({ missing: [mirrors.busybox, own], unanswered: [] }, "s1");
  expect(text).toContain(
    `docker buildx imagetools create --tag ${mirrors.busybox} docker.io/library/busybox:1.37.0`,
  );
  expect(text).toContain("pulumi stack output imageCommands --stack s1");
  const copies = renderMissingImages({ missing: [mirrors.litestream], unanswered: [] }, "s1");
  expect(copies).not.toContain("build and push");
  expect(renderMissingImages({ missing: [own], unanswered: [] }, "s1")).not.toContain("copy other");
  expect(renderMissingImages({ missing: [], unanswered: [] }, "s1")).toBe("");
});

test("[O1] the gate refuses a release whose images are missing, before anything is touched", async () => {
  const { steps, summary } = plan({}, { busybox: mirrors.busybox });
  const preview: Answer = { stdout: JSON.stringify({ steps, changeSummary: summary }) };
  const world = scripted({ "pulumi preview": preview, "aws ecr": absent });
  expect(await main(["up", "s1", "--yes"], world)).toBe(1);
  expect(world.texts.err).toContain("refused, nothing was touched: the registry of s1 does not have");
  expect(world.calls.some(({ line }) => line.startsWith("pulumi up"))).toBe(false);
});

test("[O1] a registry that cannot be asked stops nobody, and is told", async () => {
  const { steps, summary } = plan({}, { busybox: mirrors.busybox });
  const preview: Answer = { stdout: JSON.stringify({ steps, changeSummary: summary }) };
  const world = scripted({ "pulumi preview": preview, "aws ecr": { code: 127 }, "pulumi up": {} });
  expect(await main(["up", "s1", "--yes"], world)).toBe(0);
  expect(world.texts.err).toContain("an image could not be asked for: aws ecr describe-images");
});
