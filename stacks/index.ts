import type { CmbCluster } from "../components/cmb-cluster";
import type { Settings } from "../infra/config/settings";
import type { Secrets } from "../infra/config/secrets";

/**
 * The one place where a cloud's name becomes a cloud. Each is loaded only when it is named: the other clouds'
 * SDKs, tens of megabytes each, stay on the disk.
 *
 * @requirement P2
 */
export async function createCluster(settings: Settings, secrets: Secrets): Promise<CmbCluster> {
  switch (settings.cloud) {
    case "gcp":
      return (await import("./gcp")).createGcpCluster(settings, secrets);
    case "aws":
      return (await import("./aws")).createAwsCluster(settings, secrets);
  }
}
