import { askedByBackend, hashIn, literal, matched } from "./cel";
import { type AdmissionFacts, BUCKET_ANNOTATION, WAITING } from "./facts";

/**
 * Whose bucket it is: a ValidatingPolicy of Kyverno, because neither the API server's own policies nor anything else in
 * it can compute an MD5. The application names a bucket after `md5(user id)[:8]`
 * (CMBAgents/cmbcluster, backend/cloud_providers, `generate_cosmic_bucket_name`); a label would not do, since it is made
 * of the mail address, of which two may become the same label.
 *
 * 32 bits of a hash tell owners apart only while nobody chooses the user ids; they come from the sign-in provider.
 *
 * @requirement W2
 */
export function ownerPolicy({ namespace }: AdmissionFacts) {
  const bucket = `object.metadata.?annotations[?${literal(BUCKET_ANNOTATION)}].orValue("")`;
  return {
    apiVersion: "policies.kyverno.io/v1",
    kind: "ValidatingPolicy",
    metadata: { name: "cmbcluster-own-bucket" },
    spec: {
      failurePolicy: "Fail",
      validationActions: ["Deny"],
      autogen: {
        podControllers: { controllers: [] },
        // The native kind has no md5.
        validatingAdmissionPolicy: { enabled: false },
      },
      evaluation: { background: { enabled: false } },
      webhookConfiguration: { timeoutSeconds: 10 },
      matchConstraints: matched(namespace, [{ resources: ["pods"] }]),
      matchConditions: [askedByBackend(namespace)],
      variables: [
        { name: "bucket", expression: bucket },
        {
          name: "users",
          expression:
            `object.spec.containers.map(c, c.?env.orValue([]).filter(e, e.name == "USER_ID")` +
            `.map(e, e.?value.orValue("")))[0]`,
        },
        { name: "environment", expression: `object.metadata.?labels[?"env-id"].orValue("")` },
        {
          name: "others",
          expression:
            `dyn(resource.list("v1", "pods", ${literal(namespace)}, {"env-id": string(variables.environment)}).items)` +
            `.filter(p, p.metadata.name != object.metadata.name)` +
            `.filter(p, !p.spec.containers.exists(c, c.?env.orValue([])` +
            `.exists(e, e.name == "USER_ID" && e.?value.orValue("") in variables.users)))`,
        },
      ],
      validations: [
        {
          expression:
            `size(variables.users) == 1 && variables.users[0] != "" && size(${hashParts}) == 4 && ` +
            `${hashIn("variables.bucket")} == md5(variables.users[0]).substring(0, 8)`,
          message:
            "The bucket is not the user's own: its name does not carry the first 8 digits of the MD5 of USER_ID.",
        },
        {
          expression: `variables.environment != "" && size(variables.others) == 0`,
          message: "An environment of another user has this env-id: its secrets would be this pod's.",
        },
        {
          expression:
            `object.spec.?initContainers.orValue([]).exists(c, c.name == ${literal(WAITING)})` +
            ` && variables.bucket != ""`,
          message: "No pod starts without a bucket, or without waiting for it.",
        },
      ],
    },
  };
}

const hashParts = `variables.bucket.split("-")`;
