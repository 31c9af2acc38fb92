import { AwsCmbCluster } from "../components/aws/cmb-cluster";
import { awsProvider } from "../components/aws/providers";
import type { CmbCluster } from "../components/cmb-cluster";
import type { Secrets } from "../infra/config/secrets";
import { type AwsSettings, spreadOverZones } from "../infra/config/settings";
import { signInProviders } from "./sign-in";
import { stackTags } from "./tags";

/** A stack's cluster on Amazon, from its settings. */
export async function createAwsCluster(settings: AwsSettings, secrets: Secrets): Promise<CmbCluster> {
  const { aws, retention, sleep } = settings;
  const { accountId, region, zones, network, cluster, nodes } = aws;
  const tags = stackTags(settings);
  const provider = awsProvider("aws", { region, accountId, tags });
  return new AwsCmbCluster(
    "cmb",
    {
      name: settings.clusterName,
      accountId,
      region,
      zones,
      tags,
      network: {
        cidr: network.cidr,
        natGateways: network.natGateways,
        loadBalancerZones: network.loadBalancerZones,
        flowLogsDays: retention.flowLogsDays,
      },
      cluster: {
        version: cluster.version,
        servicesCidr: network.servicesCidr,
        publicAccessCidrs: cluster.publicAccessCidrs,
        admins: cluster.admins,
        logsDays: retention.logsDays,
      },
      nodes: {
        system: { ...systemGroups(nodes.system, zones.length), closed: sleep.schedule !== undefined },
        users: nodes.users,
        warm: nodes.warm,
        asleep: sleep.now,
      },
      sleep: sleep.schedule,
      registry: { imagesKeep: retention.imagesKeep },
      database: {
        versionsDays: retention.databaseVersionsDays,
        versionsClass: settings.storage.class,
        logsDays: retention.logsDays,
        copyRegion: aws.copyRegion,
      },
      dns: { domain: settings.domain, existingZone: settings.dns.existingZone },
      signIn: await signInProviders(settings, secrets),
      protect: settings.protect,
      budget: settings.budget && { monthly: settings.budget.monthly, emails: settings.budget.alertEmails },
      adoptMountRole: aws.adoptMountRole,
    },
    { provider },
  );
}

/** The totals of the settings, spread over one node group a zone; a maximum below the number of zones is refused (CMB-C032). */
function systemGroups(system: AwsSettings["aws"]["nodes"]["system"], zones: number) {
  const { instanceType, diskGb, spot, min, max } = system;
  const mins = spreadOverZones(min, zones);
  const maxs = spreadOverZones(max, zones);
  return {
    instanceType,
    diskGb,
    spot,
    sizes: mins.map((least, zone) => ({ min: least, max: maxs[zone]! })),
  };
}
