/** What {@link ChartProxy} is started with. */
export interface ProxyOptions {
  /** Folder of the certificate authority that signs for the chart repositories; see `ControlPlaneOptions`. */
  readonly authority: string;
  /** Path of `kube-control-plane`, which writes the certificates. */
  readonly controlPlane: string;
  /** Path of `helm`, which packs the charts. */
  readonly helm: string;
  /** Folder of its own, for the packed charts. */
  readonly folder: string;
}

/**
 * The only way out of a process that runs with {@link environment}: a proxy which knows the chart repositories of
 * the program and whatever clusters are added, all on this machine, and refuses every other host.
 */
export interface ChartProxy {
  /** Variables for a client written in Go: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, SSL_CERT_FILE. */
  readonly environment: Readonly<Record<string, string>>;
  /** Leads a host name, on whatever port it is asked for, to a port of this machine. */
  map(host: string, port: number): void;
  unmap(host: string): void;
  /** Hosts that were asked for and refused, in order, with their port. */
  readonly refused: readonly string[];
  /** Paths that the chart repositories were asked for: `https://quay.io/v2/…`. */
  readonly served: readonly string[];
  close(): Promise<void>;
}
