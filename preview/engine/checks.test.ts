import { assertAccepted } from "./checks";
import { UNKNOWN } from "./values";

const subnet = (inputs: object) => () =>
  assertAccepted({ type: "aws:ec2/subnet:Subnet", name: "one", inputs: { ...inputs } });

test("an input that the provider requires is a fault of the preview, by name; an unknown one is none", () => {
  expect(subnet({})).toThrow(
    "aws:ec2/subnet:Subnet 'one' would be refused by its provider: vpcId: Missing required property 'vpcId'",
  );
  expect(subnet({ vpcId: UNKNOWN })).not.toThrow();
});

test("a type that nobody looked up is let through", () => {
  expect(() => assertAccepted({ type: "aws:ec2/unheardOf:UnheardOf", name: "n", inputs: {} })).not.toThrow();
});
