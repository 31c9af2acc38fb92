import { namespace } from "../../app-chart/combinations";
import { sentIngress } from "../sent-ingress";
import type { Place } from "./place";

/** What the backend may make and delete beside pods. */
export function backendObjects(place: Place): void {
  test("[H2] of other objects the backend makes and deletes those of environments alone", async () => {
    const within = (kind: string) => `/api/v1/namespaces/${namespace}/${kind}`;
    const ingresses = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`;
    const secret = (name: string, type = "Opaque", annotations = {}) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, annotations },
      type,
    });
    const service = (spec: object, name = "service-ada-0a1b2c3d") => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: { "user-id": "ada", "env-id": "0a1b2c3d" }, ports: [{ port: 80 }], ...spec },
    });
    const ingress = (host: string, service?: string, annotations = {}) =>
      sentIngress({ namespace, user: "ada", env: "0a1b2c3d", host, service, annotations });
    const create = (path: string, body: unknown) => place.backend.create(path, body);
    await create(within("secrets"), secret("user-env-ada-0a1b2c3d"));
    await create(within("services"), service({}));
    await create(ingresses, ingress("ada-0a1b2c3d.cmb.example.org"));
    const token = { "kubernetes.io/service-account.name": "cmbcluster-ksa" };
    const refused: [string, unknown, RegExp][] = [
      [within("secrets"), secret("user-env-x-1", "kubernetes.io/service-account-token", token), /no type/],
      [within("secrets"), secret("anything"), /environments alone/],
      [within("services"), service({ type: "LoadBalancer" }, "service-x-1"), /ingress alone/],
      [within("services"), service({ externalIPs: ["10.0.0.1"] }, "service-x-2"), /ingress alone/],
      [within("services"), service({ selector: { app: "x" } }, "service-x-3"), /one environment/],
      [within("services"), service({}, "cmbcluster-backend"), /environments alone/],
      [ingresses, ingress("cmb.example.org"), /one name below/],
      [ingresses, ingress("api.cmb.example.org"), /one name below/],
      [ingresses, ingress("a.b.cmb.example.org"), /one name below/],
      [ingresses, ingress("evil.example.org"), /one name below/],
      [ingresses, ingress("x.cmb.example.org", "cmbcluster-backend"), /its Service/],
      [
        ingresses,
        ingress("x.cmb.example.org", "service-x", { "nginx.ingress.kubernetes.io/server-snippet": "x" }),
        /annotation/,
      ],
    ];
    for (const [path, body, why] of refused) await expect(create(path, body)).rejects.toThrow(why);
    await place.api.create(within("secrets"), secret("cmbcluster-backend-secrets"));
    await expect(place.backend.delete(`${within("secrets")}/cmbcluster-backend-secrets`)).rejects.toThrow(
      /environments alone/,
    );
    await place.backend.delete(`${within("secrets")}/user-env-ada-0a1b2c3d`);
    await place.backend.delete(`${within("services")}/service-ada-0a1b2c3d`);
    await place.backend.delete(`${ingresses}/ingress-ada-0a1b2c3d`);
  }, 60_000);
}
