import { z } from "zod";
import { block, list, pattern, whole } from "./leaves";

const quantity = (regex: RegExp, description: string, example: string) =>
  pattern(regex, {
    description,
    example,
    fault: "CMB-C055",
    cause: `a Kubernetes quantity such as ${example}`,
    alsoNumber: true,
  }).optional();
/** Kubernetes counts CPU in thousandths of a core, and nothing smaller. */
const cpu = (description: string) =>
  quantity(/^([1-9]\d*m|[1-9]\d*|(?!0\.0+$)\d+\.\d{1,3})$/, description, "500m");
const memory = (description: string, example: string) => quantity(/^[1-9]\d*(Mi|Gi)$/, description, example);

/** How large the parts are that every environment shares, and an environment itself; each falls back to its profile. */
export const sizesShape = {
  frontend: block(
    {
      minReplicas: whole(1, 100, { description: "Front-end pods at least.", example: 2 }).optional(),
      maxReplicas: whole(1, 100, { description: "Front-end pods at most.", example: 10 }).optional(),
      targetCpuPercent: whole(10, 100, {
        description: "CPU, in per cent of the request, above which a pod is added.",
        example: 70,
      }).optional(),
    },
    "The front end.",
  ).optional(),
  backend: block(
    {
      replicas: z
        .literal(1)
        .meta({
          description: "One: the database is SQLite, and two writers corrupt it.",
          example: 1,
          fault: "CMB-C034",
          cause: "the backend is one replica while its database is SQLite: a second writer corrupts it",
        })
        .optional(),
      cpu: cpu("CPU requested."),
      memory: memory("Memory requested, and the limit.", "2Gi"),
    },
    "The backend.",
  ).optional(),
  ingress: block(
    {
      replicas: whole(1, 100, {
        description: "Pods. With one, every drain of its node is an outage.",
        example: 3,
      }).optional(),
      cpu: cpu("CPU requested by each pod."),
      memory: memory("Memory requested by each pod, and the limit.", "512Mi"),
    },
    "The ingress controller: every request and WebSocket goes through it.",
  ).optional(),
  admission: block(
    {
      replicas: whole(1, 10, {
        description: "Pods. With one, no environment starts while it moves or restarts.",
        example: 2,
      }).optional(),
    },
    "The admission controller, which every new environment passes.",
  ).optional(),
  environments: block(
    {
      allowedImages: list(
        pattern(/^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/[a-z0-9._-]+)*$/, {
          description: "A registry, a repository or an image, without a tag, written out in full.",
          example: "docker.io/library/ubuntu",
        }),
        {
          description:
            "What environments may run beside the stack's own registry and the image named for them. Whoever may add applications in the site chooses among these.",
          example: ["docker.io/jupyter"],
        },
      ).optional(),
      maxPods: whole(1, 5000, { description: "User environments at a time.", example: 40 }).optional(),
      maxCpu: whole(1, 20_000, {
        description: "CPU cores of all environments together.",
        example: 80,
      }).optional(),
      maxMemoryGi: whole(1, 100_000, {
        description: "GiB of memory of all environments together.",
        example: 240,
      }).optional(),
      largest: block(
        {
          cpu: whole(1, 96, { description: "CPU cores one environment may ask for.", example: 3 }).optional(),
          memoryGi: whole(1, 768, {
            description: "GiB of memory one environment may ask for.",
            example: 12,
          }).optional(),
        },
        "Bounds on one environment.",
      ).optional(),
      spare: block(
        {
          least: whole(0, 100, {
            description:
              "Places kept free at least, for environments that ask for the usual: 0.5 CPU and 1 GiB. 0: none beyond that either, and the first environment waits for its machine. Each costs its part of a user node all month.",
            example: 2,
          }).optional(),
          percent: whole(1, 50, {
            description: "Per cent of the user nodes' cores kept free beyond that, as people come.",
            example: 10,
          }).optional(),
        },
        "Room kept free on user nodes, so that an environment is ready within a minute.",
      ).optional(),
    },
    "Bounds on user environments: the bill's ceiling.",
  ).optional(),
  database: block(
    {
      volumeGb: whole(1, 16_384, {
        description:
          "GiB of the database's block volume. Grows in place, never shrinks; 0.08 to 0.10 US$ a GiB and month.",
        example: 20,
      }).optional(),
      snapshotMinutes: whole(15, 1440, {
        description:
          "Minutes between two full copies in the database bucket; every change goes there within a second anyway. Fewer make a restore faster, by some thousandths of a second for each change since the last full copy.",
        example: 60,
      }).optional(),
      acceptEpoch: whole(0, 2_000_000_000, {
        description:
          "For a start that is refused because a later volume wrote elsewhere, or because copies in the bucket are gone: the epoch that the message names. What was written later, or is gone, is given up. Take it out after the start.",
        example: 7,
      }).optional(),
    },
    "The SQLite database.",
  ).optional(),
};
