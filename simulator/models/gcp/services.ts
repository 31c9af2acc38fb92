import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import { apiNeeds, HIDDEN, projectOf, putHidden, text } from "./common";

export const SERVICE = "gcp:projects/service:Service";

const serviceId = (inputs: Properties, cloud: CloudView) =>
  `${projectOf(inputs, cloud)}/${text(inputs, "service")}`;

/**
 * On in a new project. The provider enables everything else through it; where it is off, a person has to switch it
 * on. Projects made in the console have more (storage, logging, monitoring); those made through the API may not.
 */
const ALWAYS_ON = "serviceusage.googleapis.com";

/**
 * Is nothing else, or only what is always on, needed? The provider reads the project through Resource Manager after
 * enabling (terraform-provider-google, resource_google_project_service.go, Read), so everything waits for that API.
 */
function prerequisites(service: string): string[] {
  if (service === ALWAYS_ON || service === "cloudresourcemanager.googleapis.com") return [];
  return ["cloudresourcemanager"];
}

/** The need of an API, nothing for what is always on. */
const service: ResourceModel = {
  type: SERVICE,
  // The provider gathers for 3 s (batcher.go), enables, and lists until it finds what it enabled.
  durations: { create: 20, update: 0, delete: 0, source: "published logs of deployments: 4 to 45 s" },
  id: serviceId,
  needs: (inputs, cloud) =>
    apiNeeds(cloud, projectOf(inputs, cloud), ...prerequisites(text(inputs, "service"))),
  // Enabled already: the provider takes note and calls nothing.
  adopts: () => true,
  outputs: (inputs, cloud) => ({ project: projectOf(inputs, cloud) }),
  created: (object, cloud) => {
    if (!cloud.find(HIDDEN.api, object.id)) putHidden(cloud, HIDDEN.api, object.id);
  },
  deleting: (object, cloud) => {
    if (object.properties["disableOnDestroy"] !== true) return;
    const [project = "", name = ""] = object.id.split("/");
    const dependents = (DEPENDENTS[name] ?? []).filter((other) =>
      cloud.find(HIDDEN.api, `${project}/${other}`),
    );
    if (dependents.length > 0 && object.properties["disableDependentServices"] !== true)
      throw new CloudError(
        "failedPrecondition",
        `Error 400: The service ${name} is depended on by the following active service(s): ` +
          `${dependents.join(",")}; Please specify disable_dependent_services=true, failedPrecondition`,
      );
    for (const gone of [name, ...dependents]) cloud.remove(HIDDEN.api, `${project}/${gone}`);
  },
};

/** APIs that run on another one and go off with it; those of the program's. */
const DEPENDENTS: Readonly<Record<string, readonly string[]>> = {
  "compute.googleapis.com": ["container.googleapis.com"],
  "iam.googleapis.com": ["container.googleapis.com", "iamcredentials.googleapis.com"],
  "artifactregistry.googleapis.com": ["containerscanning.googleapis.com"],
};

export const serviceModels: readonly ResourceModel[] = [service];
