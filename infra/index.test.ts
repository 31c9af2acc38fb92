import { join } from "node:path";
import { previewStack, type Value } from "../preview/engine";

const root = join(__dirname, "..");

async function plan(stack: string, settings: Record<string, string | number>) {
  const overrides = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`cmbcluster:${key}`, value]),
  );
  const recording = await previewStack({ root, stack, overrides });
  expect([recording.exit, recording.error]).toEqual(["ok", undefined]);
  return recording;
}

// Whether so many pods of that size carry a site's load is not shown here.
test.each(["gcp-dev", "aws-dev"])(
  "[P9] in %s the ingress is of the size that the stack file says, or its profile",
  async (stack) => {
    const sizeOf = async (settings: Record<string, string | number>) => {
      const { resources } = await plan(stack, settings);
      const release = resources.find(({ name }) => name === "platform-ingress-release");
      const { deployment, resources: room } = release!.inputs.values as Record<string, Value>;
      return { deployment, room };
    };
    expect(await sizeOf({ profile: "prod" })).toMatchObject({
      deployment: { replicas: 3 },
      room: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "512Mi" } },
    });
    expect(await sizeOf({ "ingress.replicas": 4, "ingress.memory": "1Gi" })).toMatchObject({
      deployment: { replicas: 4 },
      room: { requests: { cpu: "100m", memory: "1Gi" }, limits: { memory: "1Gi" } },
    });
  },
  60_000,
);
