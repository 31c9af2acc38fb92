import type { CostGroup } from "../../cost/model";

/** Why the two clouds' bills differ, group by group. */
export const costReasons: Readonly<Record<CostGroup, string>> = {
  "control plane": "both ask 0.10 US$ an hour; Google credits one cluster of a billing account",
  "platform nodes": "machines of about the same size, at each cloud's price",
  "user nodes": "those that stand while nobody works: none where the pool's minimum is none",
  "way out":
    "Google's NAT has a price per node, Amazon's per gateway; in dev one small instance takes its place on Amazon",
  "way in": "Amazon's load balancer and each of its addresses have a price; Google's is a forwarding rule",
  addresses: "either asks for an address that is in use",
  volumes: "the same gigabytes at each cloud's price",
  buckets: "the same gigabytes at each cloud's price",
  images: "the same gigabytes at each cloud's price",
  "keys and secrets": "Amazon's own keys have a price each; Google encrypts with keys of its own",
  names: "a zone and its queries at each cloud's price",
  "sign-in": "by users a month on Cognito, free tiers apart; Google's sign-in asks nothing",
  logs: "the same gigabytes at each cloud's price; Google gives 50 GiB a month a project",
  "budget and schedule": "what watches the bill and puts the stack to sleep, where it is switched on",
};
