import type { KubernetesObject } from "../kubernetes";
import { manifestOf, missingFrom } from "./held";
import type { StackLife } from "./stack-life";

/** A question to the API server: may this account do that? */
interface Access {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

const BACKEND = "cmbcluster-ksa";
const USERS = "cmbcluster-user-sa";

const of = (resource: string, verbs: string, group?: string): Access[] =>
  verbs.split(" ").map((verb) => ({ verb, resource, ...(group && { group }) }));

/** The calls that the application makes, all of them. */
const NEEDED: readonly Access[] = [
  ...of("pods", "create get list delete"),
  ...of("services", "create list delete"),
  ...of("secrets", "create delete"),
  ...of("ingresses", "create list delete", "networking.k8s.io"),
  ...of("persistentvolumeclaims", "list"),
];

/** Neighbours of these calls, and what somebody who has taken over the backend would try. */
const FORBIDDEN: readonly Access[] = [
  ...of("pods", "update patch watch deletecollection"),
  { verb: "create", resource: "pods", subresource: "exec" },
  { verb: "get", resource: "pods", subresource: "log" },
  ...of("services", "get update"),
  ...of("secrets", "get list watch update"),
  ...of("ingresses", "get update", "networking.k8s.io"),
  ...of("persistentvolumeclaims", "create delete"),
  ...of("configmaps", "list"),
  ...of("serviceaccounts", "create"),
  { verb: "create", resource: "serviceaccounts", subresource: "token" },
  ...of("deployments", "update", "apps"),
  ...of("roles", "create", "rbac.authorization.k8s.io"),
  ...of("rolebindings", "create", "rbac.authorization.k8s.io"),
  ...of("networkpolicies", "delete", "networking.k8s.io"),
  { verb: "list", resource: "pods", namespace: "kube-system" },
  { verb: "create", resource: "pods", namespace: "default" },
  { verb: "list", resource: "secrets", namespace: "traefik" },
  { verb: "list", resource: "nodes", namespace: "" },
  { verb: "list", resource: "namespaces", namespace: "" },
  { verb: "list", resource: "persistentvolumes", namespace: "" },
];

/** What the genuine API server lets the application do, and what it refuses: point 3.8. */
export function rights(lifeOf: () => StackLife): void {
  const namespace = async () => ((await lifeOf().outputs()) as { namespace: string }).namespace;

  async function allowed(account: string, questions: readonly Access[]): Promise<string[]> {
    const [api, own] = [await lifeOf().api(), await namespace()];
    const answers = questions.map(async (access) => {
      const { status } = await api.create<{ status: { allowed: boolean } }>(
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          spec: {
            user: `system:serviceaccount:${own}:${account}`,
            groups: ["system:serviceaccounts", `system:serviceaccounts:${own}`, "system:authenticated"],
            resourceAttributes: { namespace: own, ...access },
          },
        },
      );
      return status.allowed ? [worded(access)] : [];
    });
    return (await Promise.all(answers)).flat();
  }

  test("[H2] the API server lets the backend do each call that the application makes", async () => {
    expect(await allowed(BACKEND, NEEDED)).toEqual(NEEDED.map(worded));
  });

  test(`[H2] the API server refuses the backend ${FORBIDDEN.length} calls it does not make`, async () => {
    expect(FORBIDDEN.length).toBeGreaterThanOrEqual(20);
    expect(await allowed(BACKEND, FORBIDDEN)).toEqual([]);
  });

  test("[H2] the API server lets a user's pod do nothing", async () => {
    expect(await allowed(USERS, [...NEEDED, ...FORBIDDEN])).toEqual([]);
  });

  test("[H5] Pod Security is enforced: a modest pod is taken, a privileged one, a root's, and one with the node's network or files are refused", async () => {
    const [api, own] = [await lifeOf().api(), await namespace()];
    const refusal = async (spec: object, container: object = {}, where = own) => {
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "intruder", namespace: where },
        spec: {
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            { name: "main", image: "busybox:1.37", ...RESOURCES, securityContext: MODEST, ...container },
          ],
          ...spec,
        },
      };
      // A dry run goes through every admission step and leaves nothing.
      return api.create(`/api/v1/namespaces/${where}/pods?dryRun=All`, pod).then(
        () => "accepted",
        (error: Error) => error.message,
      );
    };
    expect(await refusal({})).toBe("accepted");
    expect(await refusal({}, { securityContext: { privileged: true } })).toMatch(
      /violates PodSecurity.*privileged/,
    );
    expect(await refusal({ securityContext: {} })).toMatch(/violates PodSecurity "restricted.*runAsNonRoot/);
    expect(await refusal({ hostNetwork: true })).toMatch(/violates PodSecurity.*host namespaces/);
    expect(await refusal({ volumes: [{ name: "root", hostPath: { path: "/" } }] })).toMatch(
      /violates PodSecurity/,
    );
    for (const service of ["traefik", "cert-manager"])
      expect(await refusal({ securityContext: {} }, {}, service)).toMatch(/violates PodSecurity "restricted/);
  });

  test("[H3] the API server accepted every object of the chart and holds it as it was sent", async () => {
    const [api, own] = [await lifeOf().api(), await namespace()];
    const deployments = await api.list<KubernetesObject & { status: { readyReplicas?: number } }>(
      `/apis/apps/v1/namespaces/${own}/deployments`,
    );
    expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([
      "cmbcluster-backend",
      "cmbcluster-frontend",
    ]);
    expect(deployments.every(({ status }) => (status.readyReplicas ?? 0) > 0)).toBe(true);

    type Release = KubernetesObject & { readonly data: { readonly release: string } };
    const releases = await api.list<Release>(
      `/api/v1/namespaces/${own}/secrets?labelSelector=owner%3Dhelm%2Cstatus%3Ddeployed`,
    );
    expect(releases).toHaveLength(1);
    const sent = manifestOf(releases[0]!.data.release);
    expect(sent.length).toBeGreaterThan(20);
    const differing: string[] = [];
    for (const object of sent) {
      const group = object.apiVersion.includes("/") ? "apis" : "api";
      const { resources } = await api.get<{
        resources: { kind: string; name: string; namespaced: boolean }[];
      }>(`/${group}/${object.apiVersion}`);
      const { name, namespaced } = resources.find(
        ({ kind, name }) => kind === object.kind && !name.includes("/"),
      )!;
      const where = namespaced ? `/namespaces/${object.metadata.namespace ?? own}` : "";
      const held = await api.get(`/${group}/${object.apiVersion}${where}/${name}/${object.metadata.name}`);
      differing.push(
        ...missingFrom(held, object).map((path) => `${object.kind} ${object.metadata.name}${path}`),
      );
    }
    expect(differing).toEqual([]);
  });
}

const MODEST = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

const RESOURCES = {
  resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "1m", memory: "1Mi" } },
};

function worded({ verb, resource, subresource, namespace }: Access): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return [verb, what, ...(namespace === undefined ? [] : [`in ${namespace || "the cluster"}`])].join(" ");
}
