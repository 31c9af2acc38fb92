import { CloudError, type ResourceModel } from "../model";
import { text } from "./common";

/**
 * What nearly every type of the provider does before it deletes: nothing at all with ABANDON, refuse with PREVENT
 * (terraform-provider-google, google/tpgresource: DeletionPolicyPreDelete).
 */
export function withDeletionPolicy(model: ResourceModel): ResourceModel {
  return {
    ...model,
    forgets: (object) =>
      text(object.properties, "deletionPolicy") === "ABANDON" || (model.forgets?.(object) ?? false),
    blockers: (object, cloud) =>
      text(object.properties, "deletionPolicy") === "PREVENT"
        ? [
            new CloudError(
              "deletionPolicy",
              `cannot destroy "${object.id}" without setting deletion_policy="DELETE" and running \`terraform apply\``,
            ),
          ]
        : (model.blockers?.(object, cloud) ?? []),
  };
}
