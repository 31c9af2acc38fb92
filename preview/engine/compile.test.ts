import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "compile-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a program prints, preloaded as a preview preloads its own. */
function run(source: string, ...preloads: string[]) {
  const file = join(folder, "program.ts");
  writeFileSync(file, source);
  const required = ["compile.js", ...preloads].flatMap((one) => ["--require", join(__dirname, one)]);
  const { stdout, stderr } = spawnSync(process.execPath, [...required, file], { encoding: "utf8" });
  return stdout + stderr;
}

test("a program is compiled, the second time from what was kept, and anew when it has changed", () => {
  const program = (word: string) => `const said: string = "${word}";\nconsole.log(said);`;
  expect(run(program("one"))).toBe("one\n");
  expect(run(program("one"))).toBe("one\n");
  expect(run(program("two"))).toBe("two\n");
});

const thrower = `interface Long {\n  a: string;\n}\n\nconsole.log(new Error("x").stack);`;

test("traces name lines of the source, also from what was kept", () => {
  for (let time = 0; time < 2; time += 1) expect(run(thrower)).toMatch(/program\.ts:5:/);
});

test("plain traces are not translated, whoever asks for it", () => {
  expect(run(`Error.prepareStackTrace = () => "translated";\n${thrower}`, "plain-traces.js")).toMatch(
    /^Error: x\n +at .*program\.ts:/,
  );
});
