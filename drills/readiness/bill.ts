import { join } from "node:path";
import type { CloudName } from "../../components/cmb-cluster";
import { storageOnly } from "../../cost/assumptions";
import { estimate } from "../../cost/estimate";
import { HOURS } from "../../cost/model";
import { findPrice } from "../../cost/prices";
import { previewStack } from "../../preview/engine";
import type { Shape } from "./inputs";

/** Region of each cloud in which every price is known. */
const regions: Readonly<Record<CloudName, string>> = { aws: "us-east-1", gcp: "us-central1" };

/** What a user node costs a month, its boot disk included, in US$. */
export function nodeCost({ cloud, diskGb, type }: Shape): number {
  const price = (key: string) => {
    const found = findPrice(cloud, regions[cloud], key);
    if (!found) throw new Error(`${cloud} ${key}: no price`);
    return found.amount;
  };
  const [machine, disk] = cloud === "aws" ? ["ec2", "ebs.gp3.gb"] : ["gce", "disk.pdBalanced.gb"];
  return price(`${machine}.${type}`) * HOURS + price(disk) * diskGb;
}

/** What profile prod costs a month while nobody works, in US$. */
async function idleCost(cloud: CloudName): Promise<number> {
  const region = regions[cloud];
  const zones = ["a", "b", "c"].map((letter) =>
    cloud === "aws" ? `${region}${letter}` : `${region}-${letter}`,
  );
  const { error, resources } = await previewStack({
    root: join(__dirname, "../.."),
    stack: `${cloud}-dev`,
    overrides: {
      "cmbcluster:profile": "prod",
      "cmbcluster:images.tag": "v1",
      [`cmbcluster:${cloud}.region`]: region,
      [`cmbcluster:${cloud}.zones`]: zones,
      ...(cloud === "gcp" && { "cmbcluster:gcp.databaseLocation": region }),
    },
  });
  if (error) throw new Error(String(error));
  return estimate(resources, storageOnly).totals.fixed;
}

/** The bill of a month in which it always is as it was then, and the part of it that holds room. */
export async function billOf(shape: Shape, nodes: number, places: number) {
  const node = nodeCost(shape);
  const total = (await idleCost(shape.cloud)) + nodes * node;
  return { total, share: ((places / shape.placesPerNode) * node) / total };
}
