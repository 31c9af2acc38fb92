import { makeUrn, parseUrn, STACK_TYPE, typeOfUrn } from "./urn";

const stack = makeUrn("dev", "p", undefined, STACK_TYPE, "p-dev");
const outer = makeUrn("dev", "p", stack, "cmb:aws:Network", "net");
const inner = makeUrn("dev", "p", outer, "aws:ec2/vpc:Vpc", "net-vpc");

test("a URN carries the types of all parents but the stack's", () => {
  expect(stack).toBe("urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev");
  expect(outer).toBe("urn:pulumi:dev::p::cmb:aws:Network::net");
  expect(inner).toBe("urn:pulumi:dev::p::cmb:aws:Network$aws:ec2/vpc:Vpc::net-vpc");
});

test("a URN comes apart again, names with colons included", () => {
  expect(parseUrn(makeUrn("dev", "p", outer, "t:m:T", "a::b"))).toEqual({
    stack: "dev",
    project: "p",
    qualifiedType: "cmb:aws:Network$t:m:T",
    name: "a::b",
  });
  expect(typeOfUrn(inner)).toBe("aws:ec2/vpc:Vpc");
});

test.each(["", "arn:aws:s3:::b", "urn:pulumi:dev", "urn:pulumi:dev::p::t"])("%j is no URN", (text) => {
  expect(() => parseUrn(text)).toThrow("not a URN");
});
