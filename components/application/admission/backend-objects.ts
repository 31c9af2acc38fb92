import { askedByBackend, type Check, literal } from "./cel";
import type { AdmissionFacts } from "./facts";
import { type Wall, wall } from "./walls";

/**
 * What the backend may make beside pods. Its Role names kinds and verbs, which is all that a Role can; without these
 * a fault in the backend could publish the database's Service, take the site's host name, or make a Secret that
 * Kubernetes fills with a token of any account in the namespace.
 *
 * @requirement H2
 */
export function backendWalls(facts: AdmissionFacts): Wall[] {
  const { namespace } = facts;
  const conditions = [askedByBackend(namespace)];
  return [
    wall("cmbcluster-environment-services", namespace, {
      rules: [{ resources: ["services"] }],
      conditions,
      checks: services,
    }),
    wall("cmbcluster-environment-ingresses", namespace, {
      rules: [{ group: "networking.k8s.io", resources: ["ingresses"] }],
      conditions,
      checks: ingresses(facts),
    }),
    wall("cmbcluster-environment-secrets", namespace, {
      rules: [{ resources: ["secrets"] }],
      conditions,
      checks: secrets,
    }),
    wall("cmbcluster-environment-deletions", namespace, {
      rules: [
        { resources: ["pods", "services", "secrets"], operations: ["DELETE"] },
        { group: "networking.k8s.io", resources: ["ingresses"], operations: ["DELETE"] },
      ],
      conditions,
      checks: deletions,
    }),
  ];
}

const services: Check[] = [
  {
    expression: `object.metadata.name.startsWith("service-")`,
    message: "The backend makes Services of environments alone.",
  },
  {
    expression:
      `object.spec.?type.orValue("ClusterIP") == "ClusterIP" && size(object.spec.?externalIPs.orValue([])) == 0` +
      ` && !has(object.spec.externalName)`,
    message: "An environment is reached through the ingress alone.",
  },
  {
    expression: `["user-id", "env-id"].all(key, object.spec.?selector[?key].orValue("") != "")`,
    message: "A Service of an environment selects one environment.",
  },
];

function ingresses({ cluster }: AdmissionFacts): Check[] {
  const { domain } = cluster.dns;
  return [
    {
      expression:
        `has(object.spec.rules) && object.spec.rules.all(r, r.?host.orValue("").endsWith(${literal(`.${domain}`)})` +
        ` && r.host != ${literal(`api.${domain}`)} && !r.host.startsWith("*")` +
        ` && !r.host.substring(0, size(r.host) - ${domain.length + 1}).contains("."))`,
      message: `The host of an environment is one name below ${domain}, and not the API's.`,
    },
    {
      expression:
        `!has(object.spec.defaultBackend) && object.spec.rules.all(r, r.?http.?paths.orValue([])` +
        `.all(p, p.backend.?service.?name.orValue("").startsWith("service-")))`,
      message: "The Ingress of an environment leads to its Service.",
    },
    {
      expression: `object.metadata.?annotations.orValue({}).all(key, !key.endsWith("-snippet"))`,
      message: "No configuration of the ingress controller's own in an annotation.",
    },
    {
      expression: `object.spec.?tls.orValue([]).all(t, t.?secretName.orValue("tls-").startsWith("tls-"))`,
      message: "An Ingress serves no certificate but its own.",
    },
  ];
}

const secrets: Check[] = [
  {
    // Kubernetes fills a Secret of another type with the token of the account that an annotation names.
    expression: `object.?type.orValue("Opaque") == "Opaque" && object.metadata.name.matches("^user-(env|files)-")`,
    message: "The backend makes the Secrets of environments alone, of no type that Kubernetes fills.",
  },
];

const deletions: Check[] = [
  {
    expression: `oldObject.metadata.name.matches("^(user|service|ingress|tls)-")`,
    message: "The backend deletes what belongs to environments alone.",
  },
];
