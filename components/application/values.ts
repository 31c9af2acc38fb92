import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { databaseValues } from "./database-values";
import { needValues } from "./needs";
import { wallValues } from "./network-walls";
import { restoreDrillValues } from "./restore-drill-values";
import {
  backendSecretVariables,
  backendVariables,
  frontendSecretVariables,
  frontendVariables,
} from "./variables";

/** A DNS label of Kubernetes: 63 characters at most. */
const label = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const hostName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/);
const cpu = z.string().regex(/^(\d+m|\d+(\.\d{1,3})?)$/);
const memory = z.string().regex(/^\d+(Mi|Gi)$/);
const amounts = z.strictObject({ cpu, memory });
const positive = z.int().min(1).max(1_000_000);

const serviceAccount = z.strictObject({
  name: label.describe("Name of the service account; cloud permissions are bound to it"),
  annotations: z
    .record(z.string(), z.string())
    .describe("Annotations that bind the account to its identity; may be empty"),
});

const placement = {
  nodeSelector: z.record(z.string(), z.string()).describe("Labels of the nodes the pods may run on"),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string(),
        operator: z.enum(["Equal", "Exists"]),
        value: z.string().optional(),
        effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
      }),
    )
    // The Kubernetes provider passes no empty list on to Helm: nodes without a taint would be a missing property.
    .optional()
    .describe("Taints the pods tolerate; none where their nodes have none"),
  terminationGracePeriodSeconds: positive.describe("Seconds a pod has to end by itself"),
};

const container = {
  name: label.describe("Name of the Deployment and its Service, ConfigMap and disruption budget"),
  image: z.string().describe("Full image reference with an immutable tag or a digest; `latest` is refused"),
  port: positive.max(65535).describe("Port of the container and the Service"),
  resources: z.strictObject({ requests: amounts, limits: amounts }),
  ...placement,
};

/** A closed map from known variables to their values. */
function environment<const V extends readonly string[]>(variables: V) {
  return z
    .partialRecord(z.enum(variables), z.string())
    .describe("Plain environment variables of the container, from a closed list; no secret among them");
}

function secret<const V extends readonly string[]>(variables: V) {
  return z
    .strictObject({
      name: label.describe("Name of the Secret object, which exists before the release"),
      variables: z.array(z.enum(variables)).min(1).describe("Keys of the Secret that become variables"),
    })
    .describe("Secret environment variables, by name only");
}

/**
 * The values of `app-chart`, closed at every level and without defaults: the program gives every one, so
 * nothing is merged over anything. `app-chart/values.schema.json` is generated from this type.
 *
 * @requirement H3
 */
export const chartValues = z
  .strictObject({
    backend: z.strictObject({
      ...container,
      replicas: z.int().min(0).describe("1 while the database is SQLite; the chart refuses anything else"),
      environment: environment(backendVariables),
      secret: secret(backendSecretVariables),
      serviceAccount,
    }),
    frontend: z.strictObject({
      ...container,
      autoscaling: z.strictObject({
        minReplicas: positive,
        maxReplicas: positive,
        targetCpuPercent: positive
          .max(100)
          .describe("Per cent of the requested CPU above which a pod is added"),
      }),
      environment: environment(frontendVariables),
      secret: secret(frontendSecretVariables),
    }),
    environments: z
      .strictObject({
        serviceAccount,
        total: z
          .strictObject({ pods: positive, cpu: positive, memoryGi: positive })
          .describe("What all user environments together may request"),
        largest: z
          .strictObject({ cpu: positive, memoryGi: positive })
          .describe("The most one container of the namespace may have"),
        defaults: z
          .strictObject({ requests: amounts, limits: amounts })
          .describe("Resources of a container that names none, such as the one that waits for the mount"),
      })
      .describe("User environments, which the backend makes by itself"),
    database: databaseValues,
    restoreDrill: restoreDrillValues,
    ingress: z.strictObject({
      className: label.describe("Ingress class; only `nginx` works with the application"),
      tls: z.boolean().describe("HTTPS under the controller's default certificate"),
      hosts: z.strictObject({ site: hostName, api: hostName }),
      maxUploadMi: positive.describe("Largest request body in MiB"),
      timeoutSeconds: positive.describe("Seconds to wait for a silent request"),
      requestsPerMinute: positive.describe("From one address, before 429; counted by each controller pod"),
    }),
    walls: wallValues,
    needs: z
      .array(needValues)
      .min(1)
      .describe("What has to stand in the cluster before anything is installed"),
    secretsVersion: positive.describe("Raised after a secret was changed: restarts the pods that read it"),
  })
  .meta({ title: "Values of the cmbcluster chart" });

/** Plain values, as the chart receives them. */
export type ChartValues = z.infer<typeof chartValues>;

/** The same while some leaves are still to come. */
export type Late<T> =
  | pulumi.Output<T>
  | (T extends string | number | boolean | undefined ? T : { readonly [K in keyof T]: Late<T[K]> });
