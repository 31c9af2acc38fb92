import type { Api } from "../../api";
import type { KubernetesObject } from "../../types";

interface Deployment extends KubernetesObject {
  readonly status?: { readonly readyReplicas?: number };
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly args?: readonly string[] }[] };
    };
  };
}

/** Milliseconds between two looks at what a controller waits for. */
export const LOOK_AGAIN = 500;

/**
 * The Deployment of a controller, by its `app.kubernetes.io/name` label, while one of its pods is ready: its pods
 * hold no program, so what it would do is done here, but only while it could. Nothing while it is not there.
 */
export async function runningController(
  api: Api,
  name: string,
): Promise<{ readonly args: readonly string[] } | undefined> {
  const selector = encodeURIComponent(`app.kubernetes.io/name=${name}`);
  const found = await api.list<Deployment>(`/apis/apps/v1/deployments?labelSelector=${selector}`);
  const running = found.find(({ status }) => (status?.readyReplicas ?? 0) > 0);
  return running && { args: running.spec.template.spec.containers[0]?.args ?? [] };
}

/** Adds a finalizer to an object, or takes it away; what others wrote in between stays. */
export async function setFinalizer(api: Api, path: string, finalizer: string, held: boolean): Promise<void> {
  const { metadata } = await api.get(path);
  const others = (metadata.finalizers ?? []).filter((each) => each !== finalizer);
  if (held === (metadata.finalizers ?? []).includes(finalizer)) return;
  const finalizers = held ? [...others, finalizer] : others;
  await api.patch(path, { metadata: { finalizers, resourceVersion: metadata.resourceVersion } });
}
