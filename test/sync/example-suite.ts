/** The example `controller-less`, run as it stands. */
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPulumi, type Pulumi } from "../ground/pulumi/index.ts";
import type { SyncWorld } from "./sync-world.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/controller-less/", import.meta.url));

/** Registers the suite, as `describeForm` does; it comes last, for it changes the program of the world. */
export function describeExample(world: () => SyncWorld): void {
  describe("the example controller-less", () => {
    let pulumi: Pulumi;

    before(async () => {
      const { cluster, vault, package: built, folder, kubeconfig } = world();
      for (const file of ["Pulumi.yaml", "index.ts"])
        await copyFile(join(EXAMPLE, file), join(built.programFolder, file));
      await cluster.kubectl(["create", "namespace", "my-app"]);
      await vault.write("secret/data/my-app/database", { data: { username: "app", password: "first" } });
      const options = { folder: built.programFolder, home: join(folder.path, "example") };
      pulumi = await openPulumi({ ...options, env: { KUBECONFIG: kubeconfig } });
      await pulumi.stackInit();
      await pulumi.configSet("namespace", "my-app");
      await pulumi.configSet("vaultServer", vault.address);
      await pulumi.configSet("vaultToken", vault.token, { secret: true });
    });
    after(() => pulumi?.close());

    test("makes both Secrets, and destroys them", async () => {
      await pulumi.up();
      assert.deepEqual(await world().secret("my-app", "database"), { username: "app", password: "first" });
      const settings = await world().secret("my-app", "settings");
      assert.deepEqual(settings, { "settings.ini": "[database]\npassword = first\n" });
      const outputs = await pulumi.outputs();
      assert.deepEqual(outputs, { databaseUser: "[secret]", secretNames: ["database", "settings"] });
      await pulumi.destroy();
      assert.equal(await world().secret("my-app", "database"), undefined);
    });
  });
}
