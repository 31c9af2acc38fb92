import { amazonStack, exported, keep, onAmazon, onGoogle, resource, urn } from "./fixtures/stack";
import { type Answer, recorded, scripted } from "./fixtures/world";
import type { KeptDocument } from "./kept";
import { main } from "./main";

const atAmazon: Record<string, Answer> = {
  "aws iam get-role": { stdout: '{"Role":{"RoleName":"cmb-dev-workload-sa@cmb.iam.gserviceaccount.com"}}' },
  "aws ec2 describe-volumes": { stdout: '{"Volumes":[{"VolumeId":"vol-1","Size":10}]}' },
  "aws s3api list-buckets": {
    stdout:
      '{"Buckets":[{"Name":"orion-nebula-0123abcd-1760000000"},{"Name":"orion-reports"},{"Name":"other"}]}',
  },
};

async function kept(answers: Record<string, Answer>) {
  const text = scripted(answers);
  expect(await main(["kept", "s1"], text)).toBe(0);
  const json = scripted(answers);
  await main(["kept", "s1", "--json"], json);
  return { text: text.texts.out, document: JSON.parse(json.texts.out) as KeptDocument, calls: text.calls };
}

describe("[O5] npm run kept", () => {
  test("lists what is kept, what costs by being there first, what costs by its content next", async () => {
    const { document, text } = await kept({ "pulumi stack export": exported(amazonStack), ...atAmazon });
    expect(document.things.map(({ name, where }) => [name, where])).toEqual([
      ["cmb-buckets-data-key-id", "state"],
      ["vol-1", "cloud"],
      ["cmb-buckets-database-id", "state"],
      ["orion-nebula-0123abcd-1760000000", "cloud"],
      ["application-workspace-keys-file-encryption", "state"],
      ["cmb-dev-workload-sa@cmb.iam.gserviceaccount.com", "cloud"],
    ]);
    expect([document.running, document.settings, document.unanswered]).toEqual([true, 1, []]);
    expect(text).toContain("s1 runs; a destroy would leave this:\nkept on purpose: 6, for 1.95 US$ a month");
    expect(text).toContain("1.00 US$ a month");
    expect(text).toContain("0.0245 US$ a GB-month");
    expect(text).toContain("never delete it: policies of users' buckets name it by its unique id");
    expect(text).toContain("and 1 settings which keep these whole");
  });

  test("on Google the disks and buckets are asked of gcloud, and prices are the region's", async () => {
    const zone = resource("gcp:dns/managedZone:ManagedZone", "cmb-dns-zone", keep);
    const logs = "projects/science-1/locations/europe-west4/buckets";
    const { document, calls } = await kept({
      "pulumi stack export": exported([onGoogle, zone]),
      "gcloud compute disks list": { stdout: '[{"name":"pvc-1","sizeGb":"20"}]' },
      "gcloud storage buckets list": { stdout: '[{"name":"lyra-x-0123abcd-1760000000"}]' },
      "gcloud logging buckets list --location europe-west4 --project science-1": {
        stdout: JSON.stringify([
          { name: `${logs}/cmb-dev-flow-logs`, lifecycleState: "ACTIVE" },
          { name: `${logs}/cmb-dev-old-logs`, lifecycleState: "DELETE_REQUESTED" },
          { name: `${logs}/others-flow-logs`, lifecycleState: "ACTIVE" },
        ]),
      },
    });
    expect(document.things.map(({ name, price }) => [name, price?.monthly])).toEqual([
      ["pvc-1", 2.2],
      ["cmb-dns-zone-id", 0.2],
      ["lyra-x-0123abcd-1760000000", undefined],
      [`${logs}/cmb-dev-flow-logs`, undefined],
    ]);
    expect(document.running).toBe(false);
    expect(calls.map(({ line }) => line)).toContain(
      "gcloud compute disks list --project science-1 --filter labels.goog-k8s-cluster-name=cmb-dev AND -users:* --format json",
    );
  });

  test("what the cloud does not tell is told as unknown, with the question to ask by hand", async () => {
    const { document, text } = await kept({
      "pulumi stack export": exported(amazonStack),
      "aws iam get-role": { code: 254, stderr: "An error occurred (ExpiredToken) when calling" },
      "aws ec2 describe-volumes": { code: 254, stderr: "An error occurred (UnauthorizedOperation)" },
      "aws s3api list-buckets": { code: 127 },
    });
    expect(document.unanswered).toHaveLength(3);
    expect(text).toContain("not known: the mounting role (aws sso login");
    expect(text).toContain(
      "not known: disks of retained volumes (An error occurred (UnauthorizedOperation)): aws ec2",
    );
    expect(text).toContain("not known: buckets of users (no such program on PATH): aws s3api list-buckets");
    const mute = { code: 9, stderr: "" };
    const silent = await kept({
      "pulumi stack export": exported(amazonStack),
      ...atAmazon,
      "aws iam get-role": mute,
    });
    expect(silent.text).toContain("the mounting role (ended with 9)");
  });

  test("what stays only because something kept was made from it is told apart; the rest is what goes", async () => {
    const service = resource("gcp:projects/service:Service", "cmb-services-iam");
    const account = resource("gcp:serviceaccount/account:Account", "cmb-users-account", {
      ...keep,
      inputs: { accountId: "cmb-dev-workload-sa" },
      dependencies: [service.urn, urn("gcp:x:Y", "unknown")],
    });
    const none = Object.fromEntries(
      ["compute", "storage", "logging"].map((part) => [`gcloud ${part}`, { stdout: "[]" }]),
    );
    const left = await kept({ "pulumi stack export": exported([onGoogle, service, account]), ...none });
    expect([left.document.dragged, left.document.running]).toEqual([["cmb-services-iam"], false]);
    expect(left.text).toContain("stays because something kept was made from it: cmb-services-iam");
  });

  test("a role that leaves the state is told once, though the cloud names it too", async () => {
    const name = "cmb-dev-workload-sa@cmb.iam.gserviceaccount.com";
    const role = resource("aws:iam/role:Role", "r", { retainOnDelete: true, id: name, inputs: { name } });
    const { document } = await kept({ "pulumi stack export": exported([onAmazon, role]), ...atAmazon });
    expect(document.things.filter((one) => one.name === name).map(({ where }) => where)).toEqual(["cloud"]);
  });

  test("a recorded state of the genuine engine is read: place from the outputs of a stack without a record", async () => {
    const { document } = await kept({ "pulumi stack export": { stdout: recorded("state") }, ...atAmazon });
    expect(document.things.map(({ name }) => name)).toContain("cmb-dev-db-123456789012");
  });

  test("nothing kept, nothing anywhere, no stack", async () => {
    const none: Record<string, Answer> = {
      "aws iam get-role": { code: 254, stderr: "(NoSuchEntity)" },
      "aws ec2": { stdout: '{"Volumes":[]}' },
      "aws s3api": { stdout: '{"Buckets":[]}' },
    };
    expect((await kept({ "pulumi stack export": exported([onAmazon]), ...none })).text).toBe(
      "nothing is kept\n",
    );
    const empty = scripted({ "pulumi stack export": { stdout: '{"deployment":{}}' } });
    expect(await main(["kept", "s1"], empty)).toBe(1);
    expect(empty.texts.err).toContain("has nothing in any cloud");
    const missing = scripted({ "pulumi stack export": { code: 1, stderr: "no stack named 's1' found" } });
    expect(await main(["kept", "s1"], missing)).toBe(1);
    expect(missing.texts.err).toContain("pulumi stack export: no stack named 's1' found");
  });
});
