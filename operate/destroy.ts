import type { World } from "./world";
export function destroyCommand(_args: readonly string[], _world: World): Promise<number> {
  return Promise.resolve(0);
}
