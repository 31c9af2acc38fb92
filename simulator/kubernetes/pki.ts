import { execFile } from "node:child_process";
import { promisify } from "node:util";

let last: Promise<unknown> = Promise.resolve();

/**
 * Writes what is missing of an authority and of its certificates, with the control plane's own tool. One call after
 * the other: two at once on a folder that both find empty would each write half of an authority.
 */
export function pki(tool: string, ...args: string[]): Promise<void> {
  const mine = last.then(async () => void (await promisify(execFile)(tool, ["pki", ...args])));
  last = mine.catch(() => undefined);
  return mine;
}
