import { namespace } from "../../app-chart/combinations";
import type { CloudName } from "../../components/cmb-cluster";
import type { KubernetesApi } from "../../simulator/kubernetes";
import type { Hostile } from "./hostile";
import { REGISTRY } from "./place";
import { sentPod, type SentPod, type Wish } from "./sent";

/** Path of the application's pods. */
export const pods = `/api/v1/namespaces/${namespace}/pods`;

/** What a user wishes who wishes nothing in particular. */
export const wishOf = (cloud: CloudName, over: Partial<Wish> = {}): Wish => ({
  cloud,
  namespace,
  user: "user-1",
  mail: "ada@example.org",
  environment: "0a1b2c3d",
  image: `${REGISTRY}/cmb-test-user-environment:v1.2.3`,
  ...over,
});

/** What the API server answers: the pod as it is made, or why not. */
export async function ask(api: KubernetesApi, pod: SentPod): Promise<{ made?: SentPod; refused?: string }> {
  try {
    return { made: await api.create<SentPod>(`/api/v1/namespaces/${pod.metadata.namespace}/pods`, pod) };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

/** A pod of a wish, with a hostile change where there is one. */
export function podOf(
  cloud: CloudName,
  { wish, change }: Pick<Hostile, "wish" | "change">,
  environment: string,
): SentPod {
  const pod = sentPod(wishOf(cloud, { environment, ...wish }));
  change?.(pod);
  return pod;
}

/** Whether nothing answers at a path any more; undefined while something does. */
export function gone(api: KubernetesApi, path: string): Promise<true | undefined> {
  return api.get(path).then(
    () => undefined,
    () => true as const,
  );
}

/** A pod of nobody's, which Pod Security restricted takes. */
export const plainPod = {
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "main",
      image: "registry.example.org/backend:v1",
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};
