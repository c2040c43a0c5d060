/** One suite for both forms; each test goes on from where the last one ended, as a stack does. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PulumiFailed } from "../ground/pulumi/index.ts";
import { type Form, openSyncStack, type Program, type ProgramResource, type SyncStack } from "./sync-stack.ts";
import type { SyncWorld } from "./sync-world.ts";

const CANARIES = ["canary-one-7Qx", "canary-two-9Zk", "canary-three-4Vw", "canary-aws-2Lp", "canary-hand-8Rt"];

/** Resources by name. */
type Resources = Readonly<Record<string, ProgramResource>>;

/** Registers the suite; the world is there when its tests run. */
export function describeForm(form: Form, world: () => SyncWorld): void {
  describe(`as the ${form} form`, () => {
    const namespace = `${form}-one`;
    const other = `${form}-two`;
    const key = `${form}/db`;
    let stack: SyncStack;
    let resources: Resources = {};

    const program = (changes: Readonly<Record<string, ProgramResource | undefined>> = {}): Program => {
      const all = Object.entries({ ...resources, ...changes });
      resources = Object.fromEntries(all.flatMap(([name, each]) => (each === undefined ? [] : [[name, each]])));
      return { resources: Object.values(resources) };
    };
    const up = (args: readonly string[] = []) => stack.up(program(), { args });
    const inVault = (data: Readonly<Record<string, string>>) => world().vault.write(`secret/data/${key}`, { data });
    const kubectl = (...args: string[]) => world().cluster.kubectl(["--namespace", namespace, ...args]);

    before(async () => {
      const { cluster, aws, vault, package: built, folder, env, vaultStore } = world();
      for (const name of [namespace, other]) await cluster.kubectl(["create", "namespace", name]);
      await kubectl("create", "secret", "generic", "vault-token", `--from-literal=token=${vault.token}`);
      await inVault({ username: "app", password: "canary-one-7Qx" });
      aws.put(`${form}-api`, JSON.stringify({ key: "canary-aws-2Lp" }));
      await cluster.request({
        method: "POST",
        path: `/apis/external-secrets.io/v1/namespaces/${namespace}/secretstores`,
        body: storeManifest(namespace, vault.address),
      });
      const options = { form, programFolder: built.programFolder, folder: join(folder.path, form), env };
      stack = await openSyncStack(options);
      const credentials = { vault: { token: { env: "VAULT_TOKEN" } } };
      resources = {
        db: {
          name: "db",
          args: { metadata: { namespace }, store: vaultStore, credentials, spec: { dataFrom: [{ extract: { key } }] } },
        },
        api: {
          name: "api",
          args: {
            metadata: { namespace },
            store: world().awsStore,
            spec: {
              target: {
                template: { data: { "config.ini": "key={{ .apiKey }}" }, metadata: { labels: { team: "blue" } } },
              },
              data: [{ secretKey: "apiKey", remoteRef: { key: `${form}-api`, property: "key" } }],
            },
          },
        },
        referred: {
          name: "referred",
          args: {
            metadata: { namespace },
            store: { storeRef: { name: "vault" } },
            spec: { data: [{ secretKey: "user", remoteRef: { key, property: "username" } }] },
          },
        },
      };
    });
    after(() => stack?.close());

    test("up makes the Secrets, after a preview that asks the backends", async () => {
      await stack.program(program());
      const { stdout } = await stack.pulumi.run(["up", "--yes"]);
      assert.match(stdout, /\+ 4 created/);
      assert.deepEqual(await world().secret(namespace, "db"), { username: "app", password: "canary-one-7Qx" });
      assert.deepEqual(await world().secret(namespace, "api"), { "config.ini": "key=canary-aws-2Lp" });
      assert.deepEqual(await world().secret(namespace, "referred"), { user: "app" });
      assert.deepEqual((await stack.state("db")).outputs.versions, { [key]: "1" });
    });

    test("a second up changes nothing, and asks each backend once for what it reads", async () => {
      world().aws.resetCalls();
      await up(["--expect-no-changes"]);
      assert.equal(world().aws.calls(), 1);
    });

    test("a change in the backend is seen by preview, by key and without its value", async () => {
      await inVault({ username: "app", password: "canary-two-9Zk", port: "5432" });
      const { stdout, stderr } = await stack.pulumi.preview({ args: ["--diff"] });
      assert.match(stdout, /~ 1 to update/);
      const told = { executable: /~ password: "\S+" => "…"\s+\+ port {4}: "…"/, dynamic: /keys \+port ~password/ };
      assert.match(stdout + stderr, told[form]);
    });

    test("refresh tells the drift of the backend, and up writes the new values in place", async () => {
      const uid = (await stack.state("db")).outputs.uid;
      const refreshed = await stack.pulumi.refresh({ args: ["--diff"] });
      assert.match(refreshed.stdout, /~ backendDrift: \[\s+\+ \[0\]: "password"\s+\+ \[1\]: "port"\s+\]/);
      const verbose = [
        "--diff",
        "--event-log",
        join(world().folder.path, `${form}-events.json`),
        "-v=9",
        "--logtostderr",
      ];
      assert.match(await up(verbose), /~ 1 updated/);
      const { outputs } = await stack.state("db");
      assert.deepEqual([outputs.uid, outputs.backendDrift, outputs.versions], [uid, [], { [key]: "2" }]);
      assert.equal((await world().secret(namespace, "db"))?.password, "canary-two-9Zk");
    });

    test("refresh tells hand edits by key and forgets a deleted Secret, and up puts both back", async () => {
      const edit = {
        stringData: { "config.ini": "canary-hand-8Rt", more: "x" },
        metadata: { labels: { team: "red" } },
      };
      await kubectl("patch", "secret", "api", "--patch", JSON.stringify(edit));
      await kubectl("delete", "secret", "referred");
      const { stdout } = await stack.pulumi.refresh();
      assert.match(stdout, /~ 1 updated\s+- 1 deleted/);
      const { clusterDrift, backendDrift } = (await stack.state("api")).outputs;
      assert.deepEqual(clusterDrift, ["config.ini", "more", "metadata.labels.team"]);
      assert.deepEqual(backendDrift, []);
      assert.match(await up(), /\+ 1 created\s+~ 1 updated/);
      assert.deepEqual(await world().secret(namespace, "api"), { "config.ini": "key=canary-aws-2Lp" });
      assert.deepEqual(await world().secret(namespace, "referred"), { user: "app" });
    });

    test("a rename keeps the Secret, and another namespace makes it anew there", async () => {
      const uid = (await stack.state("db")).outputs.uid;
      const { db, api } = resources;
      if (db === undefined || api === undefined) throw new Error("the program has lost its resources");
      const args = { ...db.args, metadata: { namespace, name: "db" } };
      const renamed = { name: "database", args, options: { aliases: [{ name: "db" }] } };
      const moved = { ...api, args: { ...api.args, metadata: { namespace: other } } };
      const printed = await stack.up(program({ db: renamed, api: moved }));
      assert.match(printed, /\+-1 replaced/);
      assert.equal((await stack.state("database")).outputs.uid, uid);
      assert.equal(await world().secret(namespace, "api"), undefined);
      assert.deepEqual(await world().secret(other, "api"), { "config.ini": "key=canary-aws-2Lp" });
    });

    test("an up that fails in the middle says why, leaves each Secret whole, and is taken up by the next", async () => {
      await inVault({ username: "app", password: "canary-three-4Vw" });
      world().vaultDoor.shut();
      await assert.rejects(up(), failed(/spec\.dataFrom\[0\].*(ECONN|not be reached|connection)/i));
      world().vaultDoor.open();
      world().apiServerDoor.shut();
      await assert.rejects(up(), failed(/API server/));
      world().apiServerDoor.open();
      assert.equal((await world().secret(namespace, "db"))?.password, "canary-two-9Zk");
      assert.match(await up(), /~ 1 updated/);
      assert.deepEqual(await world().secret(namespace, "db"), { username: "app", password: "canary-three-4Vw" });
    });

    test("an exported state is imported again, and neither up --refresh nor refresh finds a change", async () => {
      const exported = await stack.pulumi.exportStack();
      const imported = await stack.pulumi.run(["stack", "import"], { input: JSON.stringify(exported) });
      assert.equal(imported.code, 0);
      await up(["--refresh", "--expect-no-changes"]);
      const { code } = await stack.pulumi.run(["refresh", "--preview-only", "--expect-no-changes"]);
      assert.equal(code, 0);
    });

    test("a copy of the program with a state of its own is refused the same Secret, and gets it with adopt", async () => {
      const { env, package: built } = world();
      // Project, stack and resource have the same names.
      const second = await openSyncStack({
        ...{ form, programFolder: built.programFolder, env },
        folder: join(world().folder.path, `${form}-second`),
      });
      try {
        const { referred } = resources;
        if (referred === undefined) throw new Error("the program has lost its resources");
        await assert.rejects(
          second.up({ resources: [referred] }),
          failed(/belongs to another SyncedSecret.*set adopt: true/),
        );
        await second.up({ resources: [{ ...referred, args: { ...referred.args, adopt: true } }] });
        const { outputs } = await second.state("referred");
        await stack.up(program({ referred: undefined }));
        assert.deepEqual(await world().secret(namespace, "referred"), { user: "app" }, "what another owns now is left");
        const label = "jsonpath={.metadata.labels.sync\\.external-secrets\\.io/owner}";
        const owner = await kubectl("get", "secret", "referred", "--output", label);
        assert.equal(owner.stdout, outputs.owner);
      } finally {
        await second.close();
      }
    });

    test("without the environment's credentials refresh says what is missing, and destroy works", async () => {
      const { VAULT_TOKEN: _token, ...env } = world().env;
      const later = await stack.reopen(env);
      await assert.rejects(later.refresh(), failed(/VAULT_TOKEN is not set; set VAULT_TOKEN where pulumi runs/));
      await later.destroy();
      assert.deepEqual(
        [await world().secret(namespace, "db"), await world().secret(other, "api")],
        [undefined, undefined],
      );
    });

    test("no value is in the state, its history, the output, the log or the event log, plain or base64", async () => {
      const texts = [...stack.printed, await readFile(join(world().folder.path, `${form}-events.json`), "utf8")];
      for (const file of await stack.stateFiles()) texts.push(await readFile(file, "utf8"));
      assert.ok(texts.length > 1_000, "the verbose log is there");
      const needles = CANARIES.flatMap((canary) => [canary, Buffer.from(canary).toString("base64").replace(/=+$/, "")]);
      const found = texts.filter((text) => needles.some((needle) => text.includes(needle)));
      assert.deepEqual(
        found.map((text) => text.slice(0, 300)),
        [],
      );
    });
  });
}

function failed(expected: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PulumiFailed, String(error));
    assert.match(error.result.stdout + error.result.stderr, expected);
    return true;
  };
}

function storeManifest(namespace: string, server: string): object {
  const auth = { tokenSecretRef: { name: "vault-token", key: "token" } };
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { name: "vault", namespace },
    spec: { provider: { vault: { server, path: "secret", version: "v2", auth } } },
  };
}
