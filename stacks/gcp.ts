import type { CmbCluster } from "../components/cmb-cluster";
import { GcpCmbCluster } from "../components/gcp/cmb-cluster";
import { gcpProvider } from "../components/gcp/providers";
import type { Secrets } from "../infra/config/secrets";
import type { GcpSettings } from "../infra/config/settings";
import { signInProviders } from "./sign-in";
import { stackTags } from "./tags";

/** A stack's cluster on Google Cloud, from its settings. */
export async function createGcpCluster(settings: GcpSettings, secrets: Secrets): Promise<CmbCluster> {
  const { gcp, retention, sleep } = settings;
  const labels = stackTags(settings);
  const provider = gcpProvider("gcp", { project: gcp.project, region: gcp.region, labels });
  return new GcpCmbCluster(
    "cmb",
    {
      name: settings.clusterName,
      project: gcp.project,
      region: gcp.region,
      zones: gcp.zones,
      domain: settings.domain,
      existingZone: settings.dns.existingZone,
      network: gcp.network,
      controlPlane: gcp.cluster,
      nodes: {
        ...gcp.nodes,
        system: { ...gcp.nodes.system, closed: sleep.schedule !== undefined },
        asleep: sleep.now,
      },
      sleep: sleep.schedule,
      registry: { keep: retention.imagesKeep },
      database: {
        location: gcp.databaseLocation,
        versionsIntent: settings.storage.class,
        versionsDays: retention.databaseVersionsDays,
        logsDays: retention.logsDays,
        accessLogs: gcp.accessLogs,
      },
      logs: { flowDays: retention.flowLogsDays, clusterDays: retention.logsDays },
      protect: settings.protect,
      secretLocations: gcp.secretLocations,
      roleRevision: gcp.roleRevision,
      signIn: await signInProviders(settings, secrets),
      budget: budgetOf(settings),
      labels,
    },
    { provider },
  );
}

/** Google's own watch over the budget, where it is told which billing account; without it there is none (CMB-N015). */
function budgetOf({ budget, gcp: { billingAccount } }: GcpSettings) {
  if (!budget || billingAccount === undefined) return undefined;
  return { billingAccount, monthly: budget.monthly, emails: budget.alertEmails };
}
