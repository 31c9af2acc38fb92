import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { record, reveal, settled } from "./record";

class Box extends pulumi.ComponentResource {
  readonly pet: random.RandomPet;
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Box", name, { size: 3 }, opts);
    this.pet = new random.RandomPet(`${name}-pet`, { length: 2 }, { parent: this, protect: true });
    this.registerOutputs();
  }
}

test("a recording holds every registration with its options", async () => {
  const { recording, result } = await record(() => {
    const box = new Box("box");
    new random.RandomPassword(
      "word",
      { length: 5, keepers: { of: pulumi.secret("hidden") } },
      { dependsOn: [box.pet] },
    );
    return box;
  });
  expect(recording.list()).toEqual([
    "pulumi:pulumi:Stack cmbcluster-test",
    "random:index/randomPassword:RandomPassword word",
    "random:index/randomPet:RandomPet box-pet",
    "test:index:Box box",
  ]);
  const pet = recording.one("box-pet");
  expect(pet.protect).toBe(true);
  expect(pet.parent).toBe(recording.one("box").urn);
  expect(recording.one("box").inputs).toEqual({ size: 3 });
  expect(recording.one("word").dependencies).toContain(pet.urn);
  expect(reveal(recording.one("word").inputs.keepers)).toEqual({ of: "hidden" });
  expect(await settled(result.pet.id)).toBe("box-pet-id");
});

test("one recording does not see another's resources, and an ambiguous or missing name is an error", async () => {
  const { recording } = await record(() => new Box("again"));
  expect(recording.ofType("random:index/randomPet:RandomPet")).toHaveLength(1);
  expect(() => recording.one("box-pet")).toThrow("0 resources are named box-pet");
  expect(() => reveal("clear")).toThrow("in the clear");
});

test("in a preview ids are unknown", async () => {
  let ran = false;
  await record(
    () => {
      new Box("box").pet.id.apply(() => (ran = true));
    },
    { preview: true },
  );
  expect(ran).toBe(false);
});

test("a program that throws fails its recording with that very error", async () => {
  await expect(
    record(() => {
      throw new Error("refused");
    }),
  ).rejects.toThrow("refused");
});
