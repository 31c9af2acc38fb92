import * as pulumi from "@pulumi/pulumi";
import { record } from "../../testing/record";
import { withoutDependencies } from "./unbound";

class Thing extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;
  constructor(name: string, value: pulumi.Input<string>) {
    super("test:index:Thing", name, { value });
  }
}

/** A resource made from the value of another one, with what the engine was told about it. */
async function made(preview: boolean, wrap: (value: pulumi.Output<string>) => pulumi.Output<string>) {
  const computed = () => ({ value: "later" });
  const { recording } = await record(
    () => {
      const first = new Thing("first", "now");
      new Thing("second", withoutDependencies(wrap(preview ? first.id : first.value)));
      new Thing("third", first.value);
    },
    { preview, computed },
  );
  return recording;
}

test("the value is that of its source, and the engine sees no dependency on what made it", async () => {
  const recording = await made(false, (value) => value);
  expect(recording.one("second").inputs).toEqual({ value: "later" });
  expect(recording.one("second").dependencies).toEqual([]);
  expect(recording.one("third").dependencies).toEqual([recording.one("first").urn]);
});

test("a secret stays one", async () => {
  const { inputs } = (await made(false, (value) => pulumi.secret(value))).one("second");
  expect(pulumi.runtime.isRpcSecret(inputs.value)).toBe(true);
});

test("what is not known yet stays unknown", async () => {
  const { inputs } = (await made(true, (value) => value)).one("second");
  expect(inputs.value).toEqual({ __pulumiUnknown: true });
});
