import * as pulumi from "@pulumi/pulumi";
import { computedGcp } from "../../testing/computed-gcp";
import { canary, describeContract } from "../cmb-cluster.contract";
import { someArgs, someCluster } from "./fixtures/cluster";

const { nodes } = someArgs();

describeContract("Google Cloud", {
  make: (name, domain) =>
    someCluster({
      name,
      domain,
      // Spot nodes, which ask for a toleration.
      nodes: { ...nodes, system: { ...nodes.system, spot: true } },
      signIn: {
        active: "google",
        google: { clientId: "1234.apps.googleusercontent.com", clientSecret: pulumi.secret(canary) },
      },
    }),
  computed: computedGcp,
  dataTypes: ["gcp:storage/bucket:Bucket", "gcp:dns/managedZone:ManagedZone"],
});
