import type { Rules } from "../rules";
import { priceAddresses, priceNats } from "./network";
import { priceNodePools } from "./nodes";
import {
  priceBuckets,
  priceClusters,
  priceJobs,
  priceLogStores,
  priceRepositories,
  priceSecretVersions,
  priceZones,
} from "./services";

const SHAPE = "shape of the network: Google bills what goes through it";
const RIGHTS = "IAM is free";
const PART = "part of the thing it configures";
const ROUTES_LOGS = "billed where it writes: the log store";

/** What Google bills for. */
export const gcp: Rules = {
  priced: {
    "gcp:container/cluster:Cluster": priceClusters,
    "gcp:container/nodePool:NodePool": priceNodePools,
    "gcp:compute/routerNat:RouterNat": priceNats,
    "gcp:compute/address:Address": priceAddresses,
    "gcp:secretmanager/secretVersion:SecretVersion": priceSecretVersions,
    "gcp:dns/managedZone:ManagedZone": priceZones,
    "gcp:cloudscheduler/job:Job": priceJobs,
  },
  usage: {
    "gcp:storage/bucket:Bucket": priceBuckets,
    "gcp:artifactregistry/repository:Repository": priceRepositories,
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": priceLogStores,
  },
  free: {
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": RIGHTS,
    "gcp:billing/budget:Budget": "watching is free",
    "gcp:compute/firewall:Firewall": SHAPE,
    "gcp:compute/network:Network": SHAPE,
    "gcp:compute/router:Router": SHAPE,
    "gcp:compute/subnetwork:Subnetwork": "billed where its flow logs are written: the log store",
    "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember": RIGHTS,
    "gcp:dns/recordSet:RecordSet": "queries are 0.40 a million",
    "gcp:logging/projectExclusion:ProjectExclusion": ROUTES_LOGS,
    "gcp:logging/projectSink:ProjectSink": ROUTES_LOGS,
    "gcp:monitoring/notificationChannel:NotificationChannel": "mails of alerts are free",
    "gcp:projects/iAMCustomRole:IAMCustomRole": RIGHTS,
    "gcp:projects/iAMMember:IAMMember": RIGHTS,
    "gcp:projects/service:Service": "an API is free, its use is not",
    "gcp:secretmanager/secret:Secret": "billed by its versions",
    "gcp:serviceaccount/account:Account": RIGHTS,
    "gcp:serviceaccount/iAMMember:IAMMember": RIGHTS,
    "gcp:storage/bucketIAMMember:BucketIAMMember": PART,
  },
};
