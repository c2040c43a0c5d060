import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { FindRef, SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { EXAMPLE_SECRETS, openAws, signal, text } from "./aws-surroundings.ts";

const NO_BATCH = { accessKeyId: "AKIANOBATCH", secretAccessKey: "no-batch" };
const TEAM_A = { accessKeyId: "AKIATEAMA", secretAccessKey: "team-a" };

const keysOf = (credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) => ({
  secrets: { ...EXAMPLE_SECRETS, "aws/id": credentials.accessKeyId, "aws/key": credentials.secretAccessKey },
});

describe("a find in AWS Secrets Manager", () => {
  let emulator: AwsEmulator;
  let client: SecretsClient;

  before(async () => {
    emulator = await startAwsEmulator({
      credentials: [
        EXAMPLE_CREDENTIALS,
        { ...NO_BATCH, policies: ["secretsmanager:ListSecrets", "secretsmanager:GetSecretValue"] },
        {
          ...TEAM_A,
          policies: [
            "secretsmanager:ListSecrets",
            "secretsmanager:BatchGetSecretValue",
            "secretsmanager:GetSecretValue team-a/*",
          ],
        },
      ],
    });
    emulator.put("team-a/db", "a-db", { tags: { env: "dev", team: "a" } });
    emulator.put("team-a/api", "a-api", { tags: { env: "development", team: "a" } });
    emulator.put("team-b/db", "b-db", { tags: { env: "prod", stage: "dev" } });
    for (let index = 0; index < 130; index++) emulator.put(`many/${String(index).padStart(3, "0")}`, `value ${index}`);
    client = await openAws(emulator.endpoint);
  });
  after(async () => {
    await client.close();
    await emulator.stop();
  });

  async function found(find: FindRef, from: SecretsClient = client) {
    const map = await from.findSecrets(find, signal());
    return Object.fromEntries([...map].map(([name, value]) => [name, text(value)]));
  }

  test("matches names by an unanchored regular expression", async () => {
    assert.deepEqual(await found({ nameRegexp: "db$" }), { "team-a/db": "a-db", "team-b/db": "b-db" });
    assert.deepEqual(await found({ nameRegexp: "^db" }), {});
  });

  test("takes a path as the beginning of the name, alone or with an expression", async () => {
    assert.deepEqual(Object.keys(await found({ path: "team-a/" })), ["team-a/db", "team-a/api"]);
    assert.deepEqual(await found({ path: "team-a/", nameRegexp: "api" }), { "team-a/api": "a-api" });
  });

  test("matches tags exactly, although AWS's own filters are prefixes and mix keys and values", async () => {
    assert.deepEqual(await found({ tags: { env: "dev" } }), { "team-a/db": "a-db" });
    assert.deepEqual(await found({ tags: { env: "dev", team: "a" } }), { "team-a/db": "a-db" });
    assert.deepEqual(await found({ tags: { env: "dev", team: "b" } }), {});
  });

  test("reads many pages in batches of twenty, and not one by one", async () => {
    emulator.resetCalls();
    assert.equal(Object.keys(await found({ path: "many/" })).length, 130);
    assert.equal(emulator.calls("ListSecrets"), 2);
    assert.equal(emulator.calls("BatchGetSecretValue"), 7);
    assert.equal(emulator.calls("GetSecretValue"), 0);
  });

  test("works with a policy that does not allow batches", async () => {
    const single = await openAws(emulator.endpoint, {}, keysOf(NO_BATCH));
    assert.deepEqual(Object.keys(await found({ path: "team-a/" }, single)), ["team-a/db", "team-a/api"]);
    await single.close();
  });

  test("fails where one match may not be read, so that no key is lost silently", async () => {
    const limited = await openAws(emulator.endpoint, {}, keysOf(TEAM_A));
    assert.equal(Object.keys(await found({ path: "team-a/" }, limited)).length, 2);
    await assert.rejects(found({ path: "team-" }, limited), (error) => {
      assert.ok(error instanceof AccessDenied);
      assert.equal(error.details.remoteKey, "team-b/db");
      assert.match(error.details.remedy ?? "", /secretsmanager:GetSecretValue on "team-b\/db"/);
      return true;
    });
    await limited.close();
  });

  test("leaves out what is gone between the list and the read", async () => {
    emulator.put("fleeting/a", "a");
    emulator.put("fleeting/b", "b");
    emulator.failNext("BatchGetSecretValue", { code: "AccessDeniedException" });
    emulator.failNext("GetSecretValue", { code: "ResourceNotFoundException" });
    assert.deepEqual(await found({ path: "fleeting/" }), { "fleeting/b": "b" });
  });

  test("takes the store's prefix where no path is given", async () => {
    const prefixed = await openAws(emulator.endpoint, { prefix: "team-a/" });
    assert.deepEqual(Object.keys(await found({ nameRegexp: "db" }, prefixed)), ["team-a/db"]);
    await prefixed.close();
  });

  test("refuses an expression that is none, and a find without any condition", async () => {
    await assert.rejects(found({ nameRegexp: "(" }), InvalidConfiguration);
    await assert.rejects(found({ nameRegexp: "a(?=b)" }), InvalidConfiguration);
    await assert.rejects(found({}), InvalidConfiguration);
  });
});
