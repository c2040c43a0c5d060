/** What only the executable form has: configuration of its own, import, functions. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { waitUntil } from "../ground/index.ts";
import { PulumiFailed } from "../ground/pulumi/index.ts";
import { openSyncStack, type Program, type SyncStack } from "./sync-stack.ts";
import type { SyncWorld } from "./sync-world.ts";

const NAMESPACE = "configured";
const TOKEN = "canary-token-5Xd";
const VALUE = "canary-read-3Hb";

/** Registers the suite, as `describeForm` does. */
export function describeExecutable(world: () => SyncWorld): void {
  describe("configured by the program", () => {
    let stack: SyncStack;
    let provider: Readonly<Record<string, unknown>> = {};
    const spec = { data: [{ secretKey: "password", remoteRef: { key: "configured/db", property: "password" } }] };
    const imported = { metadata: { namespace: NAMESPACE, name: "present" }, spec };

    const program = (resources: Program["resources"], more: object = {}): Program => ({ provider, resources, ...more });

    before(async () => {
      const { cluster, vault, folder, package: built, kubeconfig, vaultStore } = world();
      await cluster.kubectl(["create", "namespace", NAMESPACE]);
      await vault.write("secret/data/configured/db", { data: { password: VALUE } });
      await vault.write("auth/token/create", { id: TOKEN, policies: ["root"], ttl: "1h" });
      const options = { form: "executable" as const, programFolder: built.programFolder, env: {} };
      stack = await openSyncStack({ ...options, folder: join(folder.path, "configured") });
      provider = {
        kubeconfig: await readFile(kubeconfig, "utf8"),
        namespace: NAMESPACE,
        store: vaultStore,
        credentials: { vault: { token: TOKEN } },
      };
    });
    after(() => stack?.close());

    test("cluster, store and credentials come from the provider, for resources and for readSecret", async () => {
      const resources = [{ name: "plain", args: { spec } }];
      await stack.up(program(resources, { readSecret: { key: "configured/db", property: "password" } }));
      assert.deepEqual(await world().secret(NAMESPACE, "plain"), { password: VALUE });
      assert.equal((await stack.pulumi.outputs()).read, "[secret]");
      const shown = await stack.pulumi.run(["stack", "output", "read", "--show-secrets"]);
      assert.equal(shown.stdout.trim(), VALUE);
    });

    test("an import takes a Secret over and writes what the program asks for, in one up, by the state's credentials", async () => {
      await world().cluster.kubectl([
        ...["--namespace", NAMESPACE, "create", "secret", "generic", "present"],
        "--from-literal=password=another",
      ]);
      const uid = await uidOf(world(), "present");
      const options = { import: `${NAMESPACE}/present` };
      const taken = { name: "taken", args: imported, options };
      const printed = await stack.up(program([{ name: "plain", args: { spec } }, taken]));
      assert.match(printed, /~ 1 updated\s+= 1 imported/);
      assert.deepEqual(await world().secret(NAMESPACE, "present"), { password: VALUE });
      assert.match(await stack.up(program([{ name: "taken", args: imported }])), /- 1 deleted/);
      await stack.pulumi.refresh({ args: ["--expect-no-changes"] });
      assert.equal(await uidOf(world(), "present"), uid);
    });

    test("Ctrl-C while the backend is silent ends the up soon, and the Secret is the old one until the next", async () => {
      const { vault, vaultDoor } = world();
      await vault.write("secret/data/configured/db", { data: { password: "second" } });
      const connections = vaultDoor.connections;
      vault.pause();
      const interrupt = new AbortController();
      await stack.program(program([{ name: "taken", args: imported }]));
      const running = stack.pulumi.up({ signal: interrupt.signal });
      await waitUntil("the provider asks Vault", () => vaultDoor.connections > connections);
      const interruptedAt = performance.now();
      interrupt.abort(new Error("interrupted"));
      await assert.rejects(running, /interrupted/);
      const seconds = (performance.now() - interruptedAt) / 1_000;
      vault.resume();
      assert.ok(seconds < 15, `it took ${seconds} s`);
      assert.deepEqual(await world().secret(NAMESPACE, "present"), { password: VALUE });
      await stack.pulumi.up();
      assert.deepEqual(await world().secret(NAMESPACE, "present"), { password: "second" });
    });

    test("wrong inputs and a wrong configuration are told by field before anything is asked", async () => {
      const wrong = { name: "wrong", args: { spec: { data: [{ secretKey: "a", remoteRef: {} }] } } };
      await assert.rejects(stack.up(program([wrong])), failed(/spec\.data\[0\]\.remoteRef\.key/));
      const unknown = { ...program([]), provider: { ...provider, requestTimeout: "soon" } };
      await assert.rejects(stack.up(unknown), failed(/requestTimeout.*duration/));
    });

    test("credentials of the provider are not in the state, and destroy needs no environment", async () => {
      await stack.program(program([]));
      await stack.pulumi.destroy();
      assert.equal(await world().secret(NAMESPACE, "present"), undefined);
      assert.ok(!stack.printed.some((line) => line.includes(TOKEN)), "the token was printed");
      for (const file of await stack.stateFiles()) {
        const text = await readFile(file, "utf8");
        for (const canary of [TOKEN, VALUE]) assert.ok(!text.includes(canary), `${canary} is in ${file}`);
      }
    });
  });
}

async function uidOf({ cluster }: SyncWorld, name: string): Promise<string> {
  const args = ["--namespace", NAMESPACE, "get", "secret", name, "--output", "jsonpath={.metadata.uid}"];
  return (await cluster.kubectl(args)).stdout;
}

function failed(expected: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PulumiFailed, String(error));
    assert.match(error.result.stdout + error.result.stderr, expected);
    return true;
  };
}
