import * as pulumi from "@pulumi/pulumi";
import { dropPromiseStacks } from "./promise-stacks";

/** Lines of the stack that the SDK notes for the promise of a resource's address. */
async function noted(): Promise<number> {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
    call: () => ({}),
  });
  const spied = jest.spyOn(Object, "defineProperty");
  new pulumi.ComponentResource("test:index:Thing", "thing");
  const stacks = spied.mock.calls.flatMap(([, name, { value }]) =>
    name === "_debugStackTrace" ? [String(value)] : [],
  );
  spied.mockRestore();
  expect(stacks.length).toBeGreaterThan(0);
  return Math.max(...stacks.map((stack) => stack.split("\n").length));
}

test("the SDK notes stacks for its promises, and afterwards no frame of them; other errors keep theirs", async () => {
  expect(await noted()).toBeGreaterThan(3);
  dropPromiseStacks();
  expect(await noted()).toBe(1);
  expect(new Error("mine").stack).toMatch(/promise-stacks\.test\.ts/);
});
