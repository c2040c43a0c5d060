/** Suites that share one world: it is started before the first, and stopped after the last. */
import { after, before, describe } from "node:test";
import { type SyncWorld, startSyncWorld } from "./sync-world.ts";

/** Registers them in their order; each gets the world when its tests run. */
export function describeInWorld(name: string, ...suites: readonly ((world: () => SyncWorld) => void)[]): void {
  let world: SyncWorld | undefined;
  const given = (): SyncWorld => {
    if (world === undefined) throw new Error("the world has not been started");
    return world;
  };
  describe(name, () => {
    before(async () => {
      world = await startSyncWorld();
    });
    after(() => world?.stop());
    for (const suite of suites) suite(given);
  });
}
