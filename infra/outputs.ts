import type * as pulumi from "@pulumi/pulumi";
import type { CmbCluster } from "../components/cmb-cluster";
import type { ImageRole } from "../components/images";
import type { MirrorName } from "../components/mirrors";
import { hostNames } from "../components/naming";
import { clientUris } from "../components/sign-in";
import type { ToSupply } from "./config/check";
import type { Settings } from "./config/settings";
import { imageCommands } from "./image-commands";
import { nextSteps } from "./next-steps";

/**
 * What a stack tells the world when it is up. The names are a contract: scripts read them, and another stack
 * may refer to them, so one is added but none renamed.
 *
 * @requirement O4
 */
export interface StackOutputs {
  readonly cloud: string;
  readonly profile: string;
  readonly clusterName: string;
  readonly namespace: string;
  /** Google project id or AWS account id. */
  readonly account: string;
  readonly region: string;
  readonly addresses: {
    readonly site: string;
    readonly api: string;
    /** Pattern of the environments' addresses. */
    readonly environments: string;
    /** IP address or host name of the load balancer that the three names lead to. */
    readonly ingress: pulumi.Output<string>;
  };
  readonly registry: {
    readonly prefix: string;
    readonly repositories: Readonly<Record<ImageRole, string>>;
    /** Full references of the copies of other projects' images. */
    readonly mirrors: Readonly<Record<MirrorName, string>>;
  };
  readonly databaseBucket: string;
  /** Secret, without a long-lived credential; `pulumi stack output --show-secrets kubeconfig > kubeconfig`. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly signIn: {
    readonly active: string;
    /** What to enter at Google, to the letter; absent without Google. */
    readonly google?: { readonly origins: readonly string[]; readonly redirectUris: readonly string[] };
    readonly cognito?: {
      readonly userPoolId: pulumi.Output<string>;
      readonly issuer: pulumi.Output<string>;
      readonly hostedDomain?: pulumi.Output<string>;
    };
  };
  /** Name servers of the domain's zone: the domain must be delegated to them. */
  readonly nameServers: pulumi.Output<string[]>;
  readonly application: "installed" | "waits for images";
  /** Commands that copy other projects' images and build and push the application's own. */
  readonly imageCommands: readonly string[];
  /** What is still to be supplied before an `up` is accepted; empty after one. */
  readonly toSupply: readonly string[];
  /** What a person does next, in order. */
  readonly nextSteps: pulumi.Output<string[]>;
}

/** Collects the outputs of a stack from its parts. */
export function stackOutputs(
  settings: Settings,
  cluster: CmbCluster,
  toSupply: readonly ToSupply[],
): StackOutputs {
  const hosts = hostNames(settings.domain);
  const { google, cognito, active } = cluster.signIn;
  const uris = clientUris(hosts.site, "google");
  const commands = imageCommands(cluster.registry);
  return {
    cloud: cluster.cloud,
    profile: settings.profile,
    clusterName: cluster.name,
    namespace: settings.namespace,
    account: cluster.place.account,
    region: cluster.place.region,
    addresses: {
      site: `https://${hosts.site}`,
      api: `https://${hosts.api}`,
      environments: `https://<user>-<environment>.${settings.domain}`,
      ingress: cluster.ingress.address,
    },
    registry: {
      prefix: cluster.registry.prefix,
      repositories: cluster.registry.repositories,
      mirrors: cluster.registry.mirrors,
    },
    databaseBucket: cluster.buckets.database.url,
    kubeconfig: cluster.kubeconfig,
    signIn: {
      active,
      ...(google && { google: { origins: uris.origins, redirectUris: uris.redirectUris } }),
      ...(cognito && {
        cognito: {
          userPoolId: cognito.userPoolId,
          issuer: cognito.issuer,
          ...(cognito.hostedDomain && { hostedDomain: cognito.hostedDomain }),
        },
      }),
    },
    nameServers: cluster.dns.nameServers,
    application: settings.images ? "installed" : "waits for images",
    imageCommands: commands,
    toSupply: toSupply.map((item) => item.key),
    nextSteps: cluster.dns.nameServers.apply((servers) =>
      nextSteps({
        domain: settings.domain,
        nameServers: servers,
        zoneCreated: cluster.dns.zoneCreated,
        google: google ? uris : undefined,
        imageCommands: settings.images ? [] : commands,
        site: `https://${hosts.site}`,
      }),
    ),
  };
}
