import { Application } from "../components/application";
import { Platform } from "../components/platform/platform";
import { createCluster } from "../stacks";
import { imageReferences } from "./image-references";
import { loadConfig } from "./config/load";
import { stackOutputs } from "./outputs";
import { holdToPlace, readPlace } from "./record";

/**
 * The program behind `pulumi up`, `preview` and `destroy`: configuration, the cluster of the cloud it names, what
 * runs in every cluster, the application, outputs.
 *
 * @requirement P1
 * @requirement P6
 */
async function main() {
  const place = await readPlace();
  const { settings, secrets, toSupply } = loadConfig();
  await holdToPlace(settings, place);

  const cluster = await createCluster(settings, secrets);

  const platform = new Platform("platform", {
    cluster,
    certificates: settings.certificates,
    ingressSize: settings.ingress,
    admissionSize: settings.admission,
    requestTimeoutSeconds: settings.application.requestTimeoutSeconds,
  });

  new Application("application", {
    cluster,
    platform,
    namespace: settings.namespace,
    settings,
    keys: {
      session: secrets.sessionKey,
      nextAuth: secrets.nextAuthSecret,
      fileEncryption: secrets.fileEncryptionKey,
    },
    secretsVersion: settings.secretsVersion,
    images: imageReferences(settings.images, cluster.registry),
    allowSignOutEverywhere: settings.auth.cognito?.allowSignOutEverywhere ?? false,
    protect: settings.protect,
  });

  return stackOutputs(settings, cluster, toSupply);
}

// The runner calls an exported function and takes what it returns as the stack's outputs.
module.exports = main;
