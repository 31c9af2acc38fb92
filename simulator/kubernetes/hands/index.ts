import type { Api } from "../api";
import type { CloudHooks } from "../types";
import { Challenges } from "./controllers/challenges";
import { Ingresses } from "./controllers/ingresses";
import { TargetGroups } from "./controllers/target-groups";
import { LoadBalancers } from "./load-balancers";
import { Nodes } from "./nodes";
import { Pods } from "./pods";
import { Volumes } from "./volumes";

/** Everything that the simulated cloud does in one cluster, and the programs that its pods do not hold. */
export class Hands {
  readonly nodes: Nodes;
  private readonly watching: readonly { start(): Promise<void>; stop(): Promise<void> }[];

  constructor(api: Api, hooks: CloudHooks) {
    this.nodes = new Nodes(api);
    this.watching = [
      new Pods(api, hooks),
      new Volumes(api, hooks),
      new LoadBalancers(api, hooks),
      new TargetGroups(api, hooks),
      new Ingresses(api),
      new Challenges(api),
    ];
  }

  async start(): Promise<void> {
    await Promise.all(this.watching.map((each) => each.start()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.watching.map((each) => each.stop()));
  }
}
