/** The emulator by the official client: signatures, policies, tokens, faults. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchGetSecretValueCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "./index.ts";
import { createTokenIssuer } from "./web-identity-tokens.ts";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const READER = { accessKeyId: "AKIAREADEROFTEAMAXXX", secretAccessKey: "reader-key", userName: "reader" };
const NOW_MS = Date.UTC(2025, 0, 1);

describe("the AWS emulator", () => {
  let emulator: AwsEmulator;
  let nowMs = NOW_MS;
  const issuer = createTokenIssuer("RS256");
  const clients: { destroy(): void }[] = [];

  const secretsClient = (credentials: Keys, region = "us-east-1") => {
    const client = new SecretsManagerClient({ endpoint: emulator.endpoint, region, credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  };
  const stsClient = (credentials: Keys) => {
    const client = new STSClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  };
  const read = (credentials: Keys, SecretId: string, region?: string) =>
    secretsClient(credentials, region).send(new GetSecretValueCommand({ SecretId }));
  const assumeByToken = (WebIdentityToken: string, role = "eso") =>
    stsClient(EXAMPLE_CREDENTIALS).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::123456789012:role/${role}`,
        RoleSessionName: "session",
        WebIdentityToken,
      }),
    );

  before(async () => {
    emulator = await startAwsEmulator({
      now: () => nowMs,
      credentials: [
        EXAMPLE_CREDENTIALS,
        { ...READER, policies: ["secretsmanager:GetSecretValue team-a/*", "secretsmanager:BatchGetSecretValue *"] },
      ],
      roles: [
        { name: "eso", trustedSubjects: ["system:serviceaccount:eso:*"], policies: ["secretsmanager:* team-a/*"] },
        { name: "guarded", externalId: "the-id" },
      ],
      webIdentity: { jwks: issuer.jwks },
    });
    emulator.put("team-a/db", "a");
    emulator.put("team-b/db", "b");
  });
  after(async () => {
    for (const client of clients) client.destroy();
    await emulator.stop();
  });

  test("knows only the right secret key for an access key", async () => {
    assert.equal((await read(EXAMPLE_CREDENTIALS, "team-a/db")).SecretString, "a");
    await assert.rejects(read({ ...EXAMPLE_CREDENTIALS, secretAccessKey: "wrong" }, "team-a/db"), {
      name: "InvalidSignatureException",
    });
    await assert.rejects(read({ accessKeyId: "AKIAUNKNOWN", secretAccessKey: "x" }, "team-a/db"), {
      name: "UnrecognizedClientException",
    });
    await assert.rejects(
      stsClient({ ...EXAMPLE_CREDENTIALS, secretAccessKey: "wrong" }).send(new GetCallerIdentityCommand({})),
      { name: "SignatureDoesNotMatch" },
    );
  });

  test("lets a caller read what its policies allow, and words the refusal as AWS does", async () => {
    assert.equal((await read(READER, "team-a/db")).SecretString, "a");
    await assert.rejects(read(READER, "team-b/db"), {
      name: "AccessDeniedException",
      message:
        "User: arn:aws:iam::123456789012:user/reader is not authorized to perform: secretsmanager:GetSecretValue on resource: team-b/db because no identity-based policy allows the secretsmanager:GetSecretValue action",
    });
    const batch = await secretsClient(READER).send(
      new BatchGetSecretValueCommand({ SecretIdList: ["team-a/db", "team-b/db"] }),
    );
    assert.deepEqual(
      batch.SecretValues?.map(({ Name }) => Name),
      ["team-a/db"],
    );
    assert.deepEqual(
      batch.Errors?.map(({ ErrorCode }) => ErrorCode),
      ["AccessDeniedException"],
    );
  });

  test("keeps regions apart", async () => {
    await assert.rejects(read(EXAMPLE_CREDENTIALS, "team-a/db", "eu-central-1"), { name: "ResourceNotFoundException" });
  });

  test("gives a role to a token of the right subject, audience, key and time only", async () => {
    const exp = NOW_MS / 1000 + 600;
    const sub = "system:serviceaccount:eso:reader";
    const { Credentials } = await assumeByToken(issuer.issue({ sub, exp }));
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    };
    assert.equal((await read(session, "team-a/db")).SecretString, "a");
    await assert.rejects(read(session, "team-b/db"), { name: "AccessDeniedException" });

    const { accessKeyId, secretAccessKey } = session;
    await assert.rejects(read({ accessKeyId, secretAccessKey }, "team-a/db"), { name: "UnrecognizedClientException" });
    await assert.rejects(assumeByToken(issuer.issue({ sub: "system:serviceaccount:other:x", exp })), {
      name: "AccessDenied",
    });
    await assert.rejects(assumeByToken(issuer.issue({ sub, exp, aud: "vault" })), {
      name: "InvalidIdentityTokenException",
    });
    await assert.rejects(assumeByToken(createTokenIssuer().issue({ sub, exp })), {
      name: "InvalidIdentityTokenException",
    });
    await assert.rejects(assumeByToken(issuer.issue({ sub, exp: NOW_MS / 1000 - 1 })), {
      name: "ExpiredTokenException",
    });
    await assert.rejects(assumeByToken("no-token"), { name: "InvalidIdentityTokenException" });

    nowMs += 3_600_000;
    await assert.rejects(read(session, "team-a/db"), { name: "ExpiredTokenException" });
    nowMs = NOW_MS;
  });

  test("gives a guarded role only with its external id", async () => {
    const RoleArn = "arn:aws:iam::123456789012:role/guarded";
    const assume = (input: { readonly ExternalId?: string }) =>
      stsClient(EXAMPLE_CREDENTIALS).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "session", ...input }));
    await assert.rejects(assume({}), { name: "AccessDenied" });
    const answer = await assume({ ExternalId: "the-id" });
    assert.equal(answer.AssumedRoleUser?.Arn, "arn:aws:sts::123456789012:assumed-role/guarded/session");
  });

  test("refills its token buckets by its clock", async () => {
    emulator.rateLimit("GetSecretValue", 2);
    const three = async () => {
      const results = [];
      for (let call = 0; call < 3; call++)
        results.push(
          await read(READER, "team-a/db").then(
            () => "ok",
            (e) => e.name,
          ),
        );
      return results;
    };
    assert.deepEqual(await three(), ["ok", "ok", "ThrottlingException"]);
    nowMs += 1_000;
    assert.deepEqual(await three(), ["ok", "ok", "ThrottlingException"]);
    emulator.rateLimit("GetSecretValue", 0);
    nowMs = NOW_MS;
  });

  test("injects faults in order, and counts calls", async () => {
    emulator.resetCalls();
    emulator.failNext("GetSecretValue", { code: "InternalServiceError", status: 500, retryAfter: 7 });
    emulator.failNext("GetSecretValue", { disconnect: true });
    await assert.rejects(read(READER, "team-a/db"), { name: "InternalServiceError" });
    await assert.rejects(read(READER, "team-a/db"), { code: "ECONNRESET" });
    await read(READER, "team-a/db");
    assert.equal(emulator.calls("GetSecretValue"), 3);
  });

  test("goes down and comes back at the same address with its secrets", async () => {
    await emulator.down();
    await assert.rejects(read(READER, "team-a/db"), { code: "ECONNREFUSED" });
    await emulator.up();
    assert.equal((await read(READER, "team-a/db")).SecretString, "a");
  });
});
