import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { FindRef, SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound, Transient } from "../../providers/errors.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { EXAMPLE_SECRETS, openAws, signal, text } from "./aws-surroundings.ts";

const OURS = { "managed-by": "external-secrets" };
const bytes = (value: string) => new TextEncoder().encode(value);

/** What each key pair may do. */
const POLICIES = {
  NOTHING: [],
  NO_PATHS: ["ssm:DescribeParameters", "ssm:GetParameter"],
  TEAM_A: ["ssm:DescribeParameters", "ssm:GetParameter /team-a/*"],
} as const;

describe("the aws backend on Parameter Store", () => {
  let emulator: AwsEmulator;
  const opened: SecretsClient[] = [];
  const open = async (spec = {}, user?: keyof typeof POLICIES) => {
    const secrets = user === undefined ? EXAMPLE_SECRETS : { "aws/id": `AKIA${user}`, "aws/key": user };
    const client = await openAws(emulator.endpoint, { service: "ParameterStore", ...spec }, { secrets });
    opened.push(client);
    return client;
  };

  before(async () => {
    const users = Object.entries(POLICIES).map(([user, policies]) => ({
      accessKeyId: `AKIA${user}`,
      secretAccessKey: user,
      policies,
    }));
    emulator = await startAwsEmulator({ credentials: [EXAMPLE_CREDENTIALS, ...users] });
    emulator.parameters.put("/team-a/db", "a-db", { tags: { env: "dev", team: "a" } });
    emulator.parameters.put("/team-a/sub/api", "a-api", { tags: { env: "development", team: "a" } });
    emulator.parameters.put("/team-b/db", "b-db", { tags: { env: "prod", stage: "dev" }, type: "String" });
    emulator.parameters.put("team-c-db", "c-db");
    for (let index = 0; index < 25; index++) emulator.parameters.put(`/many/${index}`, `value ${index}`);
  });
  after(async () => {
    await Promise.all(opened.map((client) => client.close()));
    await emulator.stop();
  });

  async function found(find: FindRef, from?: SecretsClient) {
    const map = await (from ?? (await open())).findSecrets(find, signal());
    return Object.fromEntries([...map].map(([name, value]) => [name, text(value)]));
  }

  test("reads a version by its number and by its label, decrypted", async () => {
    emulator.parameters.put("/versions/a", "one");
    emulator.parameters.put("/versions/a", "two");
    const client = await open({ prefix: "/versions/" });
    const read = async (version?: string) =>
      text(await client.getSecret({ key: "a", ...(version ? { version } : {}) }, signal()));
    assert.deepEqual([await read(), await read("1"), await read("2")], ["two", "one", "two"]);
    await assert.rejects(read("3"), SecretNotFound);
    await assert.rejects(read("no-label"), SecretNotFound);
  });

  test("names the permission that is missing", async () => {
    const client = await open({}, "NOTHING");
    await assert.rejects(client.getSecret({ key: "/team-a/db" }, signal()), (error) => {
      assert.ok(error instanceof AccessDenied);
      assert.match(
        error.describe(),
        /^AWS GetParameter of "\/team-a\/db" was refused \(AccessDenied\); allow the store's identity ssm:GetParameter on "\/team-a\/db" \(request /,
      );
      return true;
    });
    assert.equal(await client.validate(signal()), "Ready", "the identity is known");
    const wide = client.findSecrets({ nameRegexp: "x" }, signal());
    await assert.rejects(wide, /GetParametersByPath was refused/, "the better permission is the one to add");
  });

  test("says where a secret is missing, and that throttling passes", async () => {
    const client = await open();
    await assert.rejects(client.getSecret({ key: "/none" }, signal()), {
      message: 'secret "/none" is not in AWS Parameter Store (ParameterNotFound)',
    });
    const tags = client.getSecret({ key: "/none", metadataPolicy: "Fetch" }, signal());
    await assert.rejects(tags, SecretNotFound, "InvalidResourceId alone would not prove it");
    emulator.failNext("GetParameter", { code: "ThrottlingException", count: 3 });
    await assert.rejects(client.getSecret({ key: "/team-a/db" }, signal()), Transient);
  });

  test("finds below a path, and by an expression anywhere", async () => {
    assert.deepEqual(await found({ path: "/team-a" }), { "/team-a/db": "a-db", "/team-a/sub/api": "a-api" });
    assert.deepEqual(await found({ path: "/team-a/", nameRegexp: "db$" }), { "/team-a/db": "a-db" });
    assert.deepEqual(Object.keys(await found({ nameRegexp: "db$" })), ["/team-a/db", "/team-b/db", "team-c-db"]);
    assert.deepEqual(await found({ path: "/team" }), {}, "a path is no beginning of a name");
    assert.deepEqual(await found({ path: "team-c" }), { "team-c-db": "c-db" });
  });

  test("finds by tags, exactly", async () => {
    assert.deepEqual(await found({ tags: { env: "dev" } }), { "/team-a/db": "a-db" });
    assert.deepEqual(await found({ tags: { team: "a" }, nameRegexp: "api" }), { "/team-a/sub/api": "a-api" });
    assert.deepEqual(await found({ tags: { team: "a" }, path: "/team-b" }), {});
  });

  test("reads many pages in few calls", async () => {
    emulator.resetCalls();
    assert.equal(Object.keys(await found({ path: "/many" })).length, 25);
    assert.deepEqual([emulator.calls(), emulator.calls("GetParametersByPath")], [3, 3]);
  });

  test("searches descriptions, and reads one by one, where the policy allows no more", async () => {
    const client = await open({}, "NO_PATHS");
    assert.equal(Object.keys(await found({ path: "/many" }, client)).length, 25);
    const limited = await open({}, "TEAM_A");
    assert.equal(Object.keys(await found({ path: "/team-a" }, limited)).length, 2);
    await assert.rejects(found({ nameRegexp: "^/team" }, limited), AccessDenied, "no key is lost silently");
  });

  test("takes the store's prefix where no path is given", async () => {
    assert.deepEqual(Object.keys(await found({ nameRegexp: "db" }, await open({ prefix: "/team-" }))), [
      "/team-a/db",
      "/team-b/db",
    ]);
    assert.deepEqual(Object.keys(await found({ nameRegexp: "db" }, await open({ prefix: "/team-a/" }))), [
      "/team-a/db",
    ]);
  });

  test("refuses an expression that is none, and a find without any condition", async () => {
    await assert.rejects(found({ nameRegexp: "(" }), InvalidConfiguration);
    await assert.rejects(found({}), InvalidConfiguration);
  });

  const push = async (remoteKey: string, value: string, spec?: object, property?: string) => {
    await (await open()).pushSecret(
      { remoteKey, metadata: spec, ...(property ? { property } : {}) },
      bytes(value),
      signal(),
    );
    return emulator.parameters.get(remoteKey);
  };

  test("pushes with the ownership tag, as a String unless the metadata says otherwise", async () => {
    const first = await push("/push/a", "one");
    assert.equal(first?.type, "String");
    assert.deepEqual(first?.tags, OURS);
    const again = await push("/push/a", "one");
    assert.equal(again?.version, 1);
    const secure = { secretType: "SecureString", kmsKeyID: "alias/mine", description: "d", tags: { team: "a" } };
    const second = await push("/push/b", "one", secure);
    assert.deepEqual(second, {
      value: "one",
      type: "SecureString",
      version: 1,
      tier: "Standard",
      keyId: "alias/mine",
      description: "d",
      policies: undefined,
      tags: { ...OURS, team: "a" },
    });
    const changed = await push("/push/b", "two", { tags: { other: "b" } });
    assert.equal(changed?.type, "SecureString", "the type is kept where none is named");
    assert.deepEqual(changed?.tags, { ...OURS, other: "b" });
    assert.deepEqual((await push("/push/b", "three"))?.tags, { ...OURS, other: "b" });
  });

  test("pushes into the advanced tier with policies", async () => {
    const policies = [{ Type: "Expiration", Version: "1.0", Attributes: { Timestamp: "2030-01-01T00:00:00Z" } }];
    const pushed = await push("/push/advanced", "v".repeat(5000), { tier: { type: "Advanced", policies } });
    assert.equal(pushed?.tier, "Advanced");
    assert.deepEqual(JSON.parse(pushed?.policies ?? ""), policies);
    await assert.rejects(push("/push/large", "v".repeat(5000)), InvalidConfiguration);
  });

  test("refuses metadata that it does not know, and values that AWS cannot hold", async () => {
    for (const spec of [
      { unknown: true },
      { secretType: "Other" },
      { tags: { "managed-by": "me" } },
      { tier: { type: "Other" } },
      { tier: { other: 1 } },
      { tier: { policies: [] } },
      { encodeAsDecoded: true },
    ]) {
      await assert.rejects(push("/push/other", "text", spec), InvalidConfiguration);
    }
    await assert.rejects(push("/push/other", ""), InvalidConfiguration);
    const binary = (await open()).pushSecret({ remoteKey: "/push/other" }, new Uint8Array([255]), signal());
    await assert.rejects(binary, InvalidConfiguration);
  });

  test("overwrites nothing that came into being in between", async () => {
    emulator.failNext("GetParameter", { code: "ParameterNotFound" });
    await assert.rejects(push("/team-a/db", "ours"), Transient);
    assert.equal(emulator.parameters.get("/team-a/db")?.value, "a-db");
  });
});
