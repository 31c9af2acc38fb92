import { z } from "zod";
import type { CmbCluster } from "../cmb-cluster";
import { INGRESS_CLASS } from "./names";
import type { PlatformFacts } from "./settings";

/**
 * One thing that has to stand in the cluster before the application does, as a value of the chart: the chart looks
 * each of them up before anything is installed, and `helm test` again afterwards.
 *
 * @requirement N5
 */
export const needValues = z.strictObject({
  apiVersion: z.string().describe("API version of its kind, such as `storage.k8s.io/v1`"),
  kind: z.string().describe("Its kind, such as `CSIDriver`"),
  resource: z.string().describe("Plural of the kind in the API's paths, such as `csidrivers`"),
  name: z.string().describe("Its name; it lies in no namespace"),
  purpose: z.string().describe("What the application cannot do without it"),
  remedy: z.string().describe("What a person does who misses it"),
});

/** A thing in the cluster that the application needs; not in a namespace. */
export type ClusterNeed = Readonly<z.infer<typeof needValues>>;

/** What every remedy ends in: the program makes these things, so something else took them away. */
const MAKE_AGAIN = "run `pulumi refresh`, then `npm run up -- <stack>`, which makes it again";

/** What the application needs of any cluster: two drivers, the class of its volume, the class of its Ingresses. */
export function applicationNeeds(
  { storage }: Pick<CmbCluster, "storage">,
  { storageClass }: Pick<PlatformFacts, "storageClass">,
): ClusterNeed[] {
  const inStorage = { apiVersion: "storage.k8s.io/v1" } as const;
  const driver = { ...inStorage, kind: "CSIDriver", resource: "csidrivers" } as const;
  const addOn = `the cluster's add-on that brings this driver is off or failed: ${MAKE_AGAIN}`;
  return [
    { ...driver, name: storage.block.provisioner, purpose: "holds the database's volume", remedy: addOn },
    { ...driver, name: storage.bucketDriver, purpose: "mounts a user's bucket", remedy: addOn },
    {
      ...inStorage,
      kind: "StorageClass",
      resource: "storageclasses",
      name: storageClass,
      purpose: "makes the database's volume, which outlives its claim",
      remedy: MAKE_AGAIN,
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      resource: "ingressclasses",
      name: INGRESS_CLASS,
      purpose: "leads the site, the API and every environment to the ingress controller",
      remedy: MAKE_AGAIN,
    },
  ];
}
