import { z } from "zod";
import { block, choice, flag, list, pattern, text, whole } from "./leaves";
import { accountId } from "./schema-common";
import { kubernetesVersions } from "./places";
import { weekdays } from "../../components/sleep";

const cidr = (description: string, example: string) =>
  text({
    description,
    example,
    fault: "CMB-C021",
    cause: "an IPv4 range as address/prefix, the address being the first of the range",
  });

const zones = (description: string, example: string[]) =>
  list(text({ description: "A zone.", example: example[0], fault: "CMB-C018" }), { description, example });

const version = (cloud: "aws" | "gcp", description: string) =>
  text({
    description,
    example: Object.keys(kubernetesVersions[cloud])[0],
    fault: "CMB-C028",
    alsoNumber: true,
  });

const spotRefused = z
  .literal(false)
  .meta({
    description: "Always false: a user's pod is bare and does not come back when its node is taken away.",
    example: false,
    fault: "CMB-C033",
    cause: "user environments are bare pods: they do not come back when a spot node is taken away",
  })
  .optional();

const counts = (who: string, warm: string) => ({
  min: whole(0, 1000, {
    description: `${who}: nodes at least, over all zones. ${warm}`,
    example: 1,
  }).optional(),
  max: whole(1, 1000, {
    description: `${who}: nodes at most, over all zones: the bill's ceiling.`,
    example: 6,
  }).optional(),
  diskGb: whole(20, 16_000, { description: `${who}: boot disk of a node in GiB.`, example: 100 }).optional(),
});
const systemCounts = {
  ...counts("Platform", "One zone's loss is an outage below three."),
  spot: flag({
    description:
      "Platform nodes the cloud may take back at any time: 40 to 85 % cheaper, the backend restarts.",
    example: false,
  }).optional(),
};
const userCounts = {
  ...counts("User environments", "With 0 the first environment waits minutes for its node."),
  spot: spotRefused,
};
const warmCounts = {
  count: whole(0, 100, {
    description: "Environments that come first: nodes, paid for all month. 0: none.",
    example: 2,
  }).optional(),
  diskGb: whole(20, 2000, { description: "Boot disk of each in GiB.", example: 50 }).optional(),
};
const machine = (example: string, who: string) =>
  text({ description: `${who}: machine type, x86-64.`, example, fault: "CMB-C048" }).optional();
const maxPods = whole(8, 256, {
  description:
    "Pods a node takes at most; each node reserves twice as many addresses. Changing it replaces the pool.",
  example: 64,
}).optional();
const natPorts = (end: string) =>
  whole(32, 65_536, {
    description: `Source ports a node holds at Cloud NAT ${end}: a power of two.`,
    example: 64,
    fault: "CMB-C052",
    cause: "Cloud NAT's dynamic ports are powers of two from 32 to 65536",
  }).optional();

/** The `gcp` block. */
export const gcpSchema = block(
  {
    project: pattern(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, {
      description: "Project id (not its name or number).",
      example: "my-project-123",
      fault: "CMB-C017",
      cause:
        "a project id has 6 to 30 lower-case letters, digits and hyphens, a letter first, no hyphen last",
    }),
    region: text({ description: "Region of everything.", example: "europe-west4", fault: "CMB-C016" }),
    zones: zones(
      "Zones of the nodes: one makes a zonal cluster, more a regional one. Set at creation: changing between the two replaces the cluster. Omitted: one in dev, three else.",
      ["europe-west4-a"],
    ).optional(),
    network: block(
      {
        nodesCidr: cidr("Addresses of the nodes.", "10.0.0.0/20").optional(),
        podsCidr: cidr(
          "Addresses of the pods; every node takes a block out of it.",
          "10.16.0.0/14",
        ).optional(),
        servicesCidr: cidr("Addresses of the services.", "10.20.0.0/20").optional(),
        controlPlaneCidr: cidr(
          "Addresses of the control plane, a /28; for good.",
          "172.16.0.0/28",
        ).optional(),
        natMinPortsPerVm: natPorts("at least"),
        natMaxPortsPerVm: natPorts("at most"),
      },
      "The VPC. Ranges cannot be changed later.",
    ).optional(),
    cluster: block(
      {
        version: version("gcp", "Kubernetes minor to pin. Omitted: the channel's.").optional(),
        releaseChannel: choice(["RAPID", "REGULAR", "STABLE", "EXTENDED"], {
          description: "How early new versions come. EXTENDED costs more once standard support ended.",
          example: "REGULAR",
        }).optional(),
        maintenance: block(
          {
            start: pattern(/^([01]\d|2[0-3]):[0-5]\d$/, {
              description: "When it begins, UTC.",
              example: "03:00",
              fault: "CMB-C049",
              cause: "a time of day as HH:MM, UTC",
            }).optional(),
            hours: whole(4, 24, {
              description: "How long it lasts.",
              example: 6,
              fault: "CMB-C049",
              cause: "GKE takes windows of 4 to 24 hours",
            }).optional(),
            days: list(
              choice(weekdays, {
                description: "A day.",
                example: "SA",
                fault: "CMB-C049",
                cause: `one of ${weekdays.join(", ")}`,
              }),
              {
                description: "On which days of the week.",
                example: ["SA", "SU"],
              },
            ).optional(),
          },
          "When GKE may upgrade and end people's pods.",
        ).optional(),
        authorizedNetworks: list(cidr("A range.", "203.0.113.0/24"), {
          description:
            "Ranges let in to the API server's IP endpoint. Empty: that endpoint is off; the DNS endpoint asks everyone for IAM rights.",
          example: ["203.0.113.0/24"],
        }).optional(),
      },
      "The GKE cluster.",
    ).optional(),
    nodes: block(
      {
        system: block(
          { machineType: machine("e2-standard-2", "Platform"), ...systemCounts, maxPods },
          "Node pool of the platform.",
        ).optional(),
        users: block(
          { machineType: machine("e2-standard-4", "User environments"), ...userCounts, maxPods },
          "Node pool of user environments.",
        ).optional(),
        warm: block(
          { machineType: machine("e2-standard-2", "Environments that come first"), ...warmCounts, maxPods },
          "Node pool that is always there for the first environments to come.",
        ).optional(),
      },
      "Node pools.",
    ).optional(),
    databaseLocation: text({
      description:
        "Where the database bucket lies: the region, or the multi-region `US`, `EU` or `ASIA` around it. For good. Omitted: the region in dev, else the multi-region where there is one.",
      example: "EU",
      fault: "CMB-C056",
    }).optional(),
    accessLogs: flag({
      description:
        "Hourly logs of who read and wrote what in the database bucket, in a bucket beside it. Google's log writer is a member of Google's own: false where the organisation takes members of its domains only (iam.allowedPolicyMemberDomains). Both buckets are kept data: switching it off later wants protect.data false first.",
      example: false,
    }).optional(),
    secretLocations: list(text({ description: "A region.", example: "europe-west4", fault: "CMB-C016" }), {
      description:
        "Regions that the kept file encryption key stays in. For good. Omitted: wherever Google chooses, which an organisation with gcp.resourceLocations refuses.",
      example: ["europe-west4", "europe-west1"],
    }).optional(),
    roleRevision: whole(1, 1000, {
      description:
        "Number in the ids of the custom roles. Google keeps the id of a deleted role taken for 37 days, and brings the role back in the first 7 only: raise it to make a destroyed stack again in the time between.",
      example: 2,
    }).optional(),
    billingAccount: pattern(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/, {
      description:
        "Billing account of the project, for `budget`: without it Google watches no budget and sends no alert. Whoever deploys needs Billing Account Costs Manager on it. The figure counts in the account's currency.",
      example: "0123AB-4567CD-89EF01",
      fault: "CMB-C060",
      cause: "three groups of six digits and capitals A to F, as `gcloud billing accounts list` shows them",
    }).optional(),
  },
  "Google Cloud.",
);

/** The `aws` block. */
export const awsSchema = block(
  {
    accountId: accountId("Account of the stack; the program refuses to work in any other."),
    region: text({
      description: "Region of everything.",
      example: "eu-central-1",
      fault: "CMB-C015",
      cause: "an AWS region",
    }),
    zones: zones("Three zones of the region.", ["eu-central-1a", "eu-central-1b", "eu-central-1c"]),
    network: block(
      {
        cidr: cidr(
          "The VPC, /16 to /22; nodes and pods take their addresses from it. For good.",
          "10.0.0.0/16",
        ).optional(),
        servicesCidr: cidr("Kubernetes services, outside the VPC. For good.", "172.20.0.0/16").optional(),
        natGateways: choice(["instance", "one", "per-zone"], {
          description:
            "What nodes leave by. A gateway costs 36.50 US$ a month and falls with its zone; one per zone 109.50; `instance`, a machine of your own that nobody patches, 7.40.",
          example: "one",
        }).optional(),
        loadBalancerZones: whole(1, 3, {
          description:
            "Zones, the first ones, in which the load balancer has an address: 3.65 US$ a month each. With 1 that zone's loss takes the site down. Fewer than before replace the load balancer.",
          example: 3,
        }).optional(),
      },
      "The VPC.",
    ).optional(),
    cluster: block(
      {
        version: version(
          "aws",
          "Kubernetes minor in standard support; extended support costs six times the fee.",
        ).optional(),
        publicAccessCidrs: list(cidr("A range.", "203.0.113.0/24"), {
          description: "Ranges let in to the public API endpoint: your office, your runner.",
          example: ["203.0.113.0/24"],
        }).optional(),
        privateOnly: flag({
          description:
            "No public endpoint: whoever deploys works from inside the VPC or a network joined to it.",
          example: false,
        }).optional(),
        admins: list(
          pattern(/^arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,512}$/, {
            description: "A role or user.",
            example: "arn:aws:iam::123456789012:role/platform-admins",
            fault: "CMB-C051",
            cause: "the ARN of an IAM role or user: arn:aws:iam::<account>:role/<name>",
          }),
          {
            description: "IAM roles and users who administer the cluster, besides the one who deploys.",
            example: ["arn:aws:iam::123456789012:role/platform-admins"],
          },
        ).optional(),
      },
      "The EKS cluster.",
    ),
    nodes: block(
      {
        system: block(
          { instanceType: machine("t3.large", "Platform"), ...systemCounts },
          "Node groups of the platform, one a zone.",
        ).optional(),
        users: block(
          { instanceType: machine("m6i.xlarge", "User environments"), ...userCounts },
          "Node group of user environments.",
        ).optional(),
        warm: block(
          { instanceType: machine("t3a.medium", "Environments that come first"), ...warmCounts },
          "Node group that is always there for the first environments to come.",
        ).optional(),
      },
      "Node groups.",
    ).optional(),
    copyRegion: text({
      description:
        "Second region, in which S3 keeps a copy of the database bucket; `none` for no copy. For good. Omitted: none in dev, else a region of the same country or union, where there is one that is on in every account.",
      example: "eu-west-1",
      fault: "CMB-C064",
    }).optional(),
    adoptMountRole: flag({
      description:
        "Takes over the mounting role that an earlier stack of this name left, for one `up`; then remove the key and run `up` again, which sets the role's trust and tags. True where there is no such role is an error of the `up`.",
      example: true,
    }).optional(),
  },
  "Amazon Web Services.",
);
