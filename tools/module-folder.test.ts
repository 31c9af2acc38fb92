import { moduleFolder } from "./module-folder";
import { type Machine, thisMachine } from "./find-tool";

const machine = (ok: boolean, output: string, seen: string[] = []): Machine => ({
  ...thisMachine(),
  root: "/project",
  run: (command, args, cwd) => {
    seen.push(`${cwd}$ ${command} ${args.join(" ")}`);
    return { ok, output };
  },
});

const wanted = "github.com/cert-manager/cert-manager";

test("a module's folder is asked of Go, by the module file that pins its version", () => {
  const seen: string[] = [];
  const output = 'go: downloading it\n{\n  "Dir": "/cache/cert-manager@v1"\n}\ngo: done';
  expect(moduleFolder(wanted, machine(true, output, seen))).toBe("/cache/cert-manager@v1");
  expect(seen).toEqual([`/project/tools/crds$ go mod download -json ${wanted}`]);
});

test.each([
  [false, "no network"],
  [false, '{"Error": "not found"}'],
  [true, ""],
  [true, "{}"],
])("what cannot be had is an error with Go's words (%s, %j)", (ok, output) => {
  expect(() => moduleFolder(wanted, machine(ok, output))).toThrow(`${wanted} cannot be had: ${output}`);
});
