import { type Api, isMissing } from "../../api";
import type { CloudHooks, KubernetesObject } from "../../types";
import { Watched } from "../../watch";
import { LOOK_AGAIN, runningController, setFinalizer } from "./controller";

interface Binding extends KubernetesObject {
  readonly spec: { readonly targetGroupARN: string; readonly serviceRef: { readonly name: string } };
}

interface Slice {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

/** Of the AWS Load Balancer Controller: a binding outlives it, and its namespace with it, when it goes first. */
const FINALIZER = "elbv2.k8s.aws/resources";

/** What the AWS Load Balancer Controller does with TargetGroupBindings, while it runs. */
export class TargetGroups {
  private readonly bindings: Watched;
  private readonly bound = new Map<string, string>();

  constructor(
    private readonly api: Api,
    private readonly hooks: CloudHooks,
  ) {
    const path = "/apis/elbv2.k8s.aws/v1beta1/targetgroupbindings";
    this.bindings = new Watched(api, path, (binding) => this.tend(binding as Binding));
  }

  start(): Promise<void> {
    return this.bindings.start();
  }

  stop(): Promise<void> {
    return this.bindings.stop();
  }

  private async tend(binding: Binding): Promise<number | void> {
    if (!(await runningController(this.api, "aws-load-balancer-controller"))) return LOOK_AGAIN;
    const { metadata, spec } = binding;
    const namespace = metadata.namespace ?? "";
    const path = `/apis/elbv2.k8s.aws/v1beta1/namespaces/${namespace}/targetgroupbindings/${metadata.name}`;
    const going = metadata.deletionTimestamp !== undefined;
    if (going && !metadata.finalizers?.includes(FINALIZER)) return;
    if (!going) await setFinalizer(this.api, path, FINALIZER, true);
    const targets = going ? [] : await this.targetsOf(namespace, spec.serviceRef.name);
    const targetGroupArn = spec.targetGroupARN;
    if (this.bound.get(metadata.uid ?? "") !== targets.join()) {
      await this.hooks.bindTargets({ namespace, name: metadata.name, targetGroupArn, targets });
      this.bound.set(metadata.uid ?? "", targets.join());
    }
    // Pods come and go without a change of the binding.
    if (!going) return 2 * LOOK_AGAIN;
    await setFinalizer(this.api, path, FINALIZER, false);
  }

  private async targetsOf(namespace: string, service: string): Promise<string[]> {
    const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`;
    try {
      const slices = await this.api.list<Slice>(path);
      const ready = slices.flatMap(({ endpoints = [] }) =>
        endpoints.filter(({ conditions }) => conditions?.ready),
      );
      return ready.flatMap(({ addresses }) => addresses).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}
