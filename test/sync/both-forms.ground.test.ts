/** SyncedSecret through all that `pulumi` does, in both forms: real engine, real API server, real Vault, the AWS emulator. */
import { after, before, describe } from "node:test";
import { describeExample } from "./example-suite.ts";
import { describeExecutable } from "./executable-suite.ts";
import { describeForm } from "./form-suite.ts";
import { type SyncWorld, startSyncWorld } from "./sync-world.ts";

let world: SyncWorld | undefined;
const given = (): SyncWorld => {
  if (world === undefined) throw new Error("the world has not been started");
  return world;
};

describe("SyncedSecret", () => {
  before(async () => {
    world = await startSyncWorld();
  });
  after(() => world?.stop());

  describeForm("executable", given);
  describeForm("dynamic", given);
  describeExecutable(given);
  describeExample(given);
});
