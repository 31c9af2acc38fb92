import type { World } from "./world";
export function keptCommand(_args: readonly string[], _world: World): Promise<number> {
  return Promise.resolve(0);
}
