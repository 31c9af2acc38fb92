/**
 * Ports at which the ingress controller's pods listen (traefik-helm-chart v41.3.0, ports.web.port and
 * ports.websecure.port). A load balancer that reaches pods directly needs a firewall rule for each, so the
 * controller and the cloud read them here.
 */
export const ingressPodPorts = { http: 8000, https: 8443 } as const;
