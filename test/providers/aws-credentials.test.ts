import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration, ReferentNamespaceMissing } from "../../providers/errors.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { createTokenIssuer } from "../ground/aws/web-identity-tokens.ts";
import { type AwsSurroundings, EXAMPLE_AUTH, openAws, signal, text, WakingClock } from "./aws-surroundings.ts";

const ROLE = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const MINUTE_MS = 60_000;

describe("an AWS store's credentials", () => {
  let emulator: AwsEmulator;
  const clock = new WakingClock();
  const issuer = createTokenIssuer();
  const opened: SecretsClient[] = [];

  before(async () => {
    emulator = await startAwsEmulator({
      now: () => clock.now(),
      webIdentity: { jwks: issuer.jwks, audiences: ["sts.amazonaws.com", "custom"] },
      roles: [
        { name: "reader", trustedSubjects: ["system:serviceaccount:team:reader"] },
        { name: "first" },
        { name: "second", trustedPrincipals: ["arn:aws:sts::123456789012:assumed-role/first/*"] },
        { name: "last", trustedPrincipals: ["*:assumed-role/second/*"], externalId: "the-id" },
      ],
    });
    emulator.put("key", "value");
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((client) => client.close()));
    emulator.resetCalls();
  });
  after(async () => {
    await emulator.stop();
  });

  async function open(spec: Partial<AwsProviderSpec>, surroundings: AwsSurroundings = {}) {
    const client = await openAws(emulator.endpoint, spec, { clock, issueToken, serviceAccounts, ...surroundings });
    opened.push(client);
    return client;
  }
  const read = async (client: SecretsClient) => text(await client.getSecret({ key: "key" }, signal()));
  const tokenFor = (name: string, aud: readonly string[]) =>
    issuer.issue({ sub: `system:serviceaccount:team:${name}`, aud, exp: clock.now() / 1000 + 600 });
  const asked: (readonly string[])[] = [];
  const issueToken = (name: string, audiences: readonly string[]) => {
    asked.push(audiences);
    return tokenFor(name, audiences);
  };
  const serviceAccounts = {
    reader: { "eks.amazonaws.com/role-arn": ROLE("reader") },
    other: { "eks.amazonaws.com/role-arn": ROLE("reader"), "eks.amazonaws.com/audience": "custom" },
    plain: {},
  };
  const jwtOf = (name: string, audiences?: readonly string[]): Partial<AwsProviderSpec> => ({
    auth: { jwt: { serviceAccountRef: { name, ...(audiences === undefined ? {} : { audiences }) } } },
  });

  test("are access keys from a Secret, with a newline at their end or without", async () => {
    const secrets = {
      "aws/id": `${EXAMPLE_CREDENTIALS.accessKeyId}\n`,
      "aws/key": `${EXAMPLE_CREDENTIALS.secretAccessKey}\n`,
    };
    assert.equal(await read(await open({}, { secrets })), "value");
  });

  test("may have a session token", async () => {
    const secrets = {
      "aws/id": EXAMPLE_CREDENTIALS.accessKeyId,
      "aws/key": EXAMPLE_CREDENTIALS.secretAccessKey,
      "aws/token": "wrong",
    };
    const auth = { secretRef: { ...EXAMPLE_AUTH.secretRef, sessionTokenSecretRef: { name: "aws", key: "token" } } };
    await assert.rejects(read(await open({ auth }, { secrets })), /UnrecognizedClient/);
  });

  test("that are wrong are reported as such, with the field's remedy", async () => {
    const secrets = { "aws/id": EXAMPLE_CREDENTIALS.accessKeyId, "aws/key": "wrong" };
    await assert.rejects(read(await open({}, { secrets })), (error) => {
      assert.ok(error instanceof AccessDenied);
      assert.match(error.describe(), /InvalidSignature.*spec\.provider\.aws\.auth.*\(request [0-9a-f-]+\)/);
      return true;
    });
    await assert.rejects(open({}, { secrets: {} }), InvalidConfiguration);
  });

  test("are a role by a service account's token, for the audiences that are asked for", async () => {
    assert.equal(await read(await open(jwtOf("reader", ["more"]))), "value");
    assert.deepEqual(asked.at(-1), ["sts.amazonaws.com", "more"]);
    assert.equal(emulator.sessions().at(-1)?.sessionName, "external-secrets-provider-aws");
    assert.equal(emulator.sessions().at(-1)?.assumedBy, "web-identity:system:serviceaccount:team:reader");
    await assert.rejects(read(await open(jwtOf("other"))), AccessDenied);
    assert.deepEqual(asked.at(-1), ["custom"], "the annotation names the audience");
  });

  test("need the role's annotation on the service account", async () => {
    await assert.rejects(read(await open(jwtOf("plain"))), (error) => {
      assert.ok(error instanceof InvalidConfiguration);
      assert.match(error.describe(), /"plain" names no IAM role; annotate it with eks\.amazonaws\.com\/role-arn/);
      return true;
    });
  });

  test("go through additional roles to the role, with external id and tags", async () => {
    const client = await open({
      additionalRoles: [ROLE("first"), ROLE("second")],
      role: ROLE("last"),
      externalID: "the-id",
      sessionTags: [{ key: "cost", value: "center" }],
      sessionTagsPolicy: "Custom",
      customSessionTags: { own: "tag" },
      transitiveTagKeys: ["cost"],
    });
    assert.equal(await read(client), "value");
    const [first, second, last] = emulator.sessions().slice(-3);
    assert.deepEqual([first?.roleArn, second?.roleArn, last?.roleArn], ["first", "second", "last"].map(ROLE));
    assert.deepEqual([first?.tags, second?.externalId], [{}, undefined]);
    assert.equal(last?.externalId, "the-id");
    assert.deepEqual(last?.transitiveTagKeys, ["cost"]);
    assert.deepEqual(last?.tags, {
      cost: "center",
      own: "tag",
      esoNamespace: "team",
      esoStoreName: "store",
      esoStoreKind: "SecretStore",
    });
  });

  test("carry no tags but sessionTags unless the policy says so", async () => {
    const base = { role: ROLE("first"), sessionTags: [{ key: "a", value: "b" }], customSessionTags: { own: "tag" } };
    await read(await open(base));
    assert.deepEqual(emulator.sessions().at(-1)?.tags, { a: "b" });
    await read(await open({ ...base, sessionTagsPolicy: "Simple" }));
    assert.deepEqual(Object.keys(emulator.sessions().at(-1)?.tags ?? {}).sort(), [
      "a",
      "esoNamespace",
      "esoStoreKind",
      "esoStoreName",
    ]);
  });

  test("with the namespace's tag are unknown while no ExternalSecret is served", async () => {
    const store = { kind: "ClusterSecretStore", name: "store" } as const;
    const opening = open({ role: ROLE("first"), sessionTagsPolicy: "Simple" }, { store, namespace: undefined });
    await assert.rejects(opening, ReferentNamespaceMissing);
  });

  test("that a role's trust policy refuses are reported with the role's field", async () => {
    await assert.rejects(read(await open({ role: ROLE("second") })), (error) => {
      assert.ok(error instanceof AccessDenied);
      assert.equal(error.details.field, "spec.provider.aws.role");
      assert.match(error.message, /AssumeRole of "arn:aws:iam::123456789012:role\/second"/);
      return true;
    });
  });

  test("are kept, shared by concurrent reads, and renewed before they end", async () => {
    const client = await open(jwtOf("reader"));
    await Promise.all([read(client), read(client), read(client)]);
    assert.equal(emulator.calls("AssumeRoleWithWebIdentity"), 1);
    await clock.advance(50 * MINUTE_MS);
    await read(client);
    assert.equal(emulator.calls("AssumeRoleWithWebIdentity"), 1);
    await clock.advance(6 * MINUTE_MS);
    await read(client);
    assert.equal(emulator.calls("AssumeRoleWithWebIdentity"), 2);
    await clock.advance(24 * 60 * MINUTE_MS);
    assert.equal(await read(client), "value");
    assert.equal(emulator.calls("AssumeRoleWithWebIdentity"), 3);
  });

  test("last to their end while a renewal fails for now", async () => {
    const client = await open(jwtOf("reader"));
    await read(client);
    await clock.advance(57 * MINUTE_MS);
    emulator.failNext("AssumeRoleWithWebIdentity", { code: "InternalFailure", status: 500, count: 3 });
    assert.equal(await read(client), "value");
    assert.equal(await read(client), "value");
    assert.equal(emulator.calls("AssumeRoleWithWebIdentity"), 4);
    await clock.advance(MINUTE_MS);
    assert.equal(await read(client), "value");
    assert.equal(emulator.calls("AssumeRoleWithWebIdentity"), 5);
  });

  test("that AWS ends before their time are had anew at once", async () => {
    const client = await open(jwtOf("reader"));
    await read(client);
    emulator.failNext("GetSecretValue", { code: "ExpiredTokenException" });
    assert.equal(await read(client), "value");
    assert.equal(emulator.calls("AssumeRoleWithWebIdentity"), 2);
  });
});
