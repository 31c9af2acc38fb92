import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { signIns, valuesOf } from "../../app-chart/combinations";
import { all, objectsOf } from "../../app-chart/render";
import { describeWithTools } from "../../testing/with-tools";
import type { Json } from "../../preview/engine/values";
import { type ControlPlane, startControlPlane } from "../../simulator/kubernetes";
import { clusterTools, eventually, FakeCloud, tool } from "../../simulator/kubernetes/fixtures/cluster";
import { pki } from "../../simulator/kubernetes/pki";
import { moduleFolder } from "../../tools/module-folder";
import { ask, askOver, askPlain, type Browser, certificateFor, Echo, proxyV2, secure, seen } from "./client";
import { DOMAIN, hostOf, ingressOf, NAMESPACE, platformObjects, serviceOf, slice, wildcard } from "./objects";
import { Traefik } from "./traefik";
import { ownAddress, startUpstream, type Upstream } from "./upstream";

const ada = { user: "ada-physics-edu", env: "a1b2c3d4" };
const bob = { user: "bob-physics-edu", env: "e5f6a7b8" };
/** An hour of the application's Ingresses, and of the entry points, in this drill. */
const HOUR = 3;

const values = {
  ...valuesOf("aws", signIns["both, google first"]!, "dev"),
  ingress: {
    className: "nginx",
    tls: true,
    hosts: { site: DOMAIN, api: `api.${DOMAIN}` },
    maxUploadMi: 2,
    timeoutSeconds: 3600,
    requestsPerMinute: 30,
  },
};

const address = ownAddress();
describeWithTools(
  ["traefik", "helm", "kube-control-plane", "kwok"],
  "the ingress, genuine",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "drill-ingress-"));
    const at = address!;
    let plane: ControlPlane;
    let traefik: Traefik;
    let upstreams: Record<"ada" | "bob" | "site", Upstream>;
    let browser: Browser;

    const certificate = async (name: string) => {
      await pki(tool("kube-control-plane"), "--folder", folder, "--server", `${name}=${DOMAIN},*.${DOMAIN}`);
      const read = (file: string) => readFileSync(join(folder, file), "utf8");
      return { crt: read(`${name}.crt`), key: read(`${name}.key`), ca: read("ca.crt") };
    };

    beforeAll(async () => {
      plane = await startControlPlane({
        folder: join(folder, "plane"),
        tools: clusterTools(),
        hooks: new FakeCloud(),
        serverNames: [],
      });
      upstreams = {
        ada: await startUpstream("ada"),
        bob: await startUpstream("bob"),
        site: await startUpstream("site"),
      };
      const kinds = join(
        moduleFolder("github.com/traefik/traefik/v3"),
        "docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml",
      );
      await plane.apply(parseAllDocuments(readFileSync(kinds, "utf8")).map((each) => each.toJS() as Json));
      const { crt, key, ca } = await certificate("first");
      await eventually(() => plane.apply(platformObjects(crt, key)).then(() => true));
      await plane.apply([
        ...serviceOf(ada, at, upstreams.ada.port),
        ...serviceOf(bob, at, upstreams.bob.port),
        ingressOf(ada, HOUR),
        ingressOf(bob),
      ]);
      const chart = objectsOf(values).map((object) => ({
        ...object,
        metadata: { ...object.metadata, namespace: NAMESPACE },
      }));
      const application = [...all(chart, "Ingress"), ...all(chart, "Service")];
      await plane.apply(application as unknown as Json[]);
      await plane.apply(
        ["cmbcluster-backend", "cmbcluster-frontend"].map((service) =>
          slice(service, NAMESPACE, at, upstreams.site.port, "http"),
        ),
      );
      traefik = await Traefik.start(plane, {
        facts: { proxyProtocol: false, trustedCidrs: [] },
        requestTimeoutSeconds: HOUR,
        folder,
      });
      browser = { port: traefik.https, ca };
      try {
        await eventually(async () => ((await ask(browser, hostOf(bob))).status === 200 ? true : undefined));
      } catch (error) {
        throw new Error(`${String(error)}\n${traefik.said().slice(-3000)}`, { cause: error });
      }
    }, 300_000);

    afterAll(async () => {
      await traefik?.stop();
      await Promise.all(Object.values(upstreams ?? {}).map((each) => each.close()));
      await plane?.stop();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    test("every host leads to its own environment, and an unknown one to nobody", async () => {
      expect(seen(await ask(browser, hostOf(ada))).server).toBe("ada");
      expect(seen(await ask(browser, hostOf(bob))).server).toBe("bob");
      expect(seen(await ask(browser, DOMAIN)).server).toBe("site");
      expect((await ask(browser, `nobody-00000000.${DOMAIN}`)).status).toBe(404);
    });

    test("a path and a query reach the environment as they were sent, although the Ingress asks for a rewrite to /", async () => {
      const { url } = seen(await ask(browser, hostOf(ada), "/lab/tree/my%20file.ipynb?token=abc&x=1"));
      expect(url).toBe("/lab/tree/my%20file.ipynb?token=abc&x=1");
    });

    test("plain HTTP is sent to HTTPS at the port that the world knows", async () => {
      const { status, location } = await askPlain(traefik.http, hostOf(ada), "/lab?x=1");
      expect(status).toBe(301);
      expect(location).toBe(`https://${hostOf(ada)}/lab?x=1`);
    });

    test("[D2] an Ingress whose TLS secret is missing is served under the wildcard, and a renewal without a restart", async () => {
      const before = await certificateFor(browser, hostOf(ada));
      expect(before.subjectaltname).toContain(`DNS:*.${DOMAIN}`);
      const next = await certificate("second");
      await plane.apply([wildcard(next.crt, next.key)]);
      const after = await eventually(async () => {
        const shown = await certificateFor(browser, hostOf(ada));
        return shown.serialNumber === before.serialNumber ? undefined : shown;
      });
      expect(after.subjectaltname).toContain(`DNS:*.${DOMAIN}`);
    });

    test("[H7] what a client claims of its address is dropped, in every spelling", async () => {
      const forged = {
        ...{ "X-Forwarded-For": "6.6.6.6", "X-Real-Ip": "6.6.6.6", "X-Forwarded-Host": "evil.example" },
        ...{ X_Forwarded_For: "6.6.6.6", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "1" },
      };
      const { headers } = seen(await ask(browser, `api.${DOMAIN}`, "/", { headers: forged }));
      expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
      expect(headers["x-forwarded-proto"]).toBe("https");
      expect(headers["x-real-ip"]).toBe("127.0.0.1");
      expect(JSON.stringify(headers)).not.toMatch(/6\.6\.6\.6|evil\.example/);
    });

    test("[H7] a body of 5 MiB reaches an environment; site and API take what the profile allows and refuse more", async () => {
      const body = (mebibytes: number) => ({ body: Buffer.alloc(mebibytes * 2 ** 20, 97) });
      expect(seen(await ask(browser, hostOf(bob), "/api/contents", body(5))).bytes).toBe(5 * 2 ** 20);
      expect(seen(await ask(browser, `api.${DOMAIN}`, "/files", body(1.5))).bytes).toBe(1.5 * 2 ** 20);
      expect((await ask(browser, `api.${DOMAIN}`, "/files", body(3))).status).toBe(413);
    });

    test("[H7] more requests than allowed in a minute are answered 429 at the API, and none at an environment", async () => {
      const statuses = async (host: string) => {
        const answers = await Promise.all(Array.from({ length: 60 }, () => ask(browser, host)));
        return answers.map(({ status }) => status);
      };
      const api = await statuses(`api.${DOMAIN}`);
      expect(api.filter((status) => status === 429).length).toBeGreaterThan(20);
      expect(new Set(await statuses(hostOf(ada)))).toEqual(new Set([200]));
    });

    test("a WebSocket that is in use outlives the timeouts, many times over", async () => {
      const echo = await Echo.open(browser, hostOf(ada));
      const begun = performance.now();
      for (let i = 0; performance.now() - begun < HOUR * 4000; i++) {
        expect([i, await echo.says(`word-${i}`)]).toEqual([i, true]);
        await new Promise((resolve) => setTimeout(resolve, HOUR * 400));
      }
      const lived = (performance.now() - begun) / 1000 / HOUR;
      console.log(
        `ingress: a WebSocket in use lived ${lived.toFixed(1)} times the timeout of an hour (scaled)`,
      );
      echo.close();
    }, 60_000);

    test("a WebSocket that is silent for longer than the timeout is closed, so it holds nothing for ever", async () => {
      const echo = await Echo.open(browser, hostOf(ada));
      await new Promise((resolve) => setTimeout(resolve, HOUR * 2500));
      expect(await echo.says("still there")).toBe(false);
      echo.close();
    }, 60_000);

    test("the API server takes class and annotation that agree, and refuses two that differ", async () => {
      const differing = ingressOf({ user: "eve", env: "00000000" }) as {
        metadata: { annotations: Record<string, string> };
      };
      differing.metadata.annotations["kubernetes.io/ingress.class"] = "traefik";
      const path = `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/ingresses`;
      await expect(plane.api.create(path, differing as never)).rejects.toThrow(/ingressClassName/);
    });

    test("an Ingress without the class is served by nobody", async () => {
      const classless = ingressOf({ user: "eve", env: "11111111" }) as {
        metadata: { annotations: Record<string, string> };
        spec: { ingressClassName?: string };
      };
      delete classless.metadata.annotations["kubernetes.io/ingress.class"];
      delete classless.spec.ingressClassName;
      await plane.apply([classless, ...serviceOf({ user: "eve", env: "11111111" }, at, upstreams.bob.port)]);
      // Long enough for it to be noticed: another one that is made after it is served.
      const last = { user: "zoe", env: "22222222" };
      await plane.apply([ingressOf(last), ...serviceOf(last, at, upstreams.bob.port)]);
      await eventually(async () => ((await ask(browser, hostOf(last))).status === 200 ? true : undefined));
      expect((await ask(browser, hostOf({ user: "eve", env: "11111111" }))).status).toBe(404);
    });

    test("[H7] behind a load balancer with the PROXY protocol the client's address is the one it tells, from its own range only", async () => {
      for (const [trusted, address] of [
        [["127.0.0.0/24"], "203.0.113.7"],
        [["198.51.100.0/24"], "127.0.0.1"],
      ] as const) {
        const behind = await Traefik.start(plane, {
          facts: { proxyProtocol: true, trustedCidrs: trusted },
          requestTimeoutSeconds: HOUR,
          folder: mkdtempSync(join(folder, "proxy-")),
        });
        try {
          const through = { ...browser, port: behind.https };
          const header = proxyV2("203.0.113.7");
          const text = await eventually(async () => {
            const socket = await secure(through, hostOf(bob), header);
            const answer = await askOver(socket, hostOf(bob), "X-Forwarded-For: 6.6.6.6\r\n");
            return answer.startsWith("HTTP/1.1 200") ? answer : undefined;
          });
          expect(text).toContain(`"x-forwarded-for":"${address}"`);
          expect(text).toContain(`"x-real-ip":"${address}"`);
          expect(text).not.toContain("6.6.6.6");
        } finally {
          await behind.stop();
        }
      }
    }, 120_000);

    test("the address of an environment's Ingress is the load balancer's, as the platform publishes it", async () => {
      const path = `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/ingresses/ingress-${ada.user}-${ada.env}`;
      const status = await eventually(async () => {
        const { status } = await plane.api.get<{ status: { loadBalancer: { ingress?: unknown } } }>(path);
        return status.loadBalancer.ingress;
      });
      expect(status).toEqual([{ ip: "192.0.2.10" }]);
    });
  },
  address ? [] : ["this machine has no address of its own"],
);
