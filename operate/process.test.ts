import { run } from "./process";

const node = (script: string, options: Parameters<typeof run>[2]) =>
  run(process.execPath, ["-e", script], options);

test("a captured output is returned whole, with the exit code and the variables given", async () => {
  const script = "console.log(process.env.CMB_X); console.error('e'); process.exit(3)";
  const environment = { CMB_X: "x" };
  expect(await node(script, { output: "captured", environment })).toEqual({
    code: 3,
    stdout: "x\n",
    stderr: "e\n",
  });
});

test("a program that is not there ends with 127, one that takes too long with 124", async () => {
  expect(await run("no-such-program", [], { output: "captured" })).toMatchObject({ code: 127 });
  const slow = await node("setTimeout(() => {}, 60000)", { output: "captured", timeout: 200 });
  expect(slow.code).toBe(124);
});

test("one that is killed otherwise is no success", async () => {
  expect((await node("process.kill(process.pid, 'SIGKILL')", { output: "captured" })).code).toBe(1);
});

test("what is shown goes to the terminal, what is reported to standard error, and both can be read after", async () => {
  const written = { out: "", err: "" };
  const out = jest
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => ((written.out += String(text)), true));
  const err = jest
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => ((written.err += String(text)), true));
  const shown = await node("console.log('a'); console.error('b')", { output: "shown" });
  const reported = await node("console.log('c')", { output: "reported" });
  out.mockRestore();
  err.mockRestore();
  expect(written).toEqual({ out: "a\n", err: "b\nc\n" });
  expect([shown.stdout, shown.stderr, reported.stdout]).toEqual(["a\n", "b\n", "c\n"]);
});
