import { type Api, isConflict } from "../../api";
import type { KubernetesObject } from "../../types";
import { Watched } from "../../watch";
import { LOOK_AGAIN, runningController, setFinalizer } from "./controller";

interface Certificate extends KubernetesObject {
  readonly spec: { readonly dnsNames?: readonly string[]; readonly issuerRef: object };
}

/** Of cert-manager: a challenge outlives it, and its namespace with it, when it goes first. */
const FINALIZER = "acme.cert-manager.io/finalizer";

const CHALLENGES = "/apis/acme.cert-manager.io/v1";

/**
 * What cert-manager does with a Certificate of a domain that nobody has delegated yet, while it runs: holds a DNS-01
 * challenge open, which it alone can take down. (The genuine one makes a request and an order in between.) No
 * certificate is ever issued: there is no Let's Encrypt here.
 */
export class Challenges {
  private readonly certificates: Watched;
  private readonly challenges: Watched;

  constructor(private readonly api: Api) {
    const path = "/apis/cert-manager.io/v1/certificates";
    this.certificates = new Watched(api, path, (certificate) => this.challenge(certificate as Certificate));
    this.challenges = new Watched(api, `${CHALLENGES}/challenges`, (challenge) => this.clean(challenge));
  }

  async start(): Promise<void> {
    await Promise.all([this.certificates.start(), this.challenges.start()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.certificates.stop(), this.challenges.stop()]);
  }

  private async challenge({ metadata, spec }: Certificate): Promise<number | void> {
    if (metadata.deletionTimestamp) return;
    if (!(await runningController(this.api, "cert-manager"))) return LOOK_AGAIN;
    const { name, namespace, uid } = metadata;
    const owner = { apiVersion: "cert-manager.io/v1", kind: "Certificate", name, uid };
    const dnsName = spec.dnsNames?.[0]?.replace(/^\*\./, "") ?? "";
    const body = {
      apiVersion: "acme.cert-manager.io/v1",
      kind: "Challenge",
      metadata: { name: `${name}-1`, namespace, ownerReferences: [owner], finalizers: [FINALIZER] },
      spec: {
        authorizationURL: "https://acme.example/authorization",
        url: "https://acme.example/challenge",
        dnsName,
        issuerRef: spec.issuerRef,
        key: "key",
        token: "token",
        type: "DNS-01",
        wildcard: true,
        solver: {},
      },
    };
    try {
      await this.api.create(`${CHALLENGES}/namespaces/${namespace}/challenges`, body);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  private async clean({ metadata }: KubernetesObject): Promise<number | void> {
    if (!metadata.deletionTimestamp || !metadata.finalizers?.includes(FINALIZER)) return;
    if (!(await runningController(this.api, "cert-manager"))) return LOOK_AGAIN;
    const path = `${CHALLENGES}/namespaces/${metadata.namespace}/challenges/${metadata.name}`;
    await setFinalizer(this.api, path, FINALIZER, false);
  }
}
