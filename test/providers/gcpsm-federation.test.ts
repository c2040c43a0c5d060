/** The backend `gcpsm` with workload identity federation. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { EXAMPLE_CREDENTIALS } from "../ground/aws/index.ts";
import { createTokenIssuer } from "../ground/aws/web-identity-tokens.ts";
import { accountOf } from "../ground/gcp/index.ts";
import { AUDIENCE, AWS_AUDIENCE, MEMBER, POOL, READ, SUBJECT, usePool } from "./gcpsm-pool.ts";

const pool = usePool();
const { read, token } = pool;

describe("the backend gcpsm with a service account's token", () => {
  const serviceAccountRef = { name: "app" };

  it("reads as the pool's principal, with the provider as the token's audience unless others are given", async () => {
    const asked: (readonly string[])[] = [];
    const issueToken = (_: string, audiences: readonly string[]) => {
      asked.push(audiences);
      return token({ aud: audiences });
    };
    assert.equal(await read({ audience: AUDIENCE, serviceAccountRef }, { issueToken }), "v");
    const audiences = [`https:${AUDIENCE}`];
    assert.equal(
      await read({ audience: AUDIENCE, serviceAccountRef: { ...serviceAccountRef, audiences } }, { issueToken }),
      "v",
    );
    assert.deepEqual(asked, [[AUDIENCE], audiences]);
  });

  it("reads as the account of the annotation, or as that of the store, which goes before it", async () => {
    const { principals } = pool.emulator();
    for (const name of ["annotated", "named"]) {
      principals.createAccount(accountOf(name), [MEMBER]);
      principals.grant(`serviceAccount:${accountOf(name)}`, name === "named" ? READ : []);
    }
    const surroundings = {
      issueToken: () => token(),
      readServiceAccountAnnotations: async () => ({ "iam.gke.io/gcp-service-account": accountOf("annotated") }),
    };
    const spec = { audience: AUDIENCE, serviceAccountRef };
    assert.equal(await read({ ...spec, gcpServiceAccountEmail: accountOf("named") }, surroundings), "v");
    const error = await refusal(AccessDenied, read(spec, surroundings));
    assert.match(error.describe(), /grant secretmanager\.versions\.access/);
  });

  it("is denied with a wrong audience, issuer or signature, and with a token that has ended", async () => {
    const stranger = createTokenIssuer().issue({ iss: "https://cluster", sub: SUBJECT, aud: AUDIENCE });
    for (const bad of [token({ aud: "x" }), token({ iss: "https://x" }), token({ exp: 1 }), stranger]) {
      const reading = read({ audience: AUDIENCE, serviceAccountRef }, { issueToken: () => bad });
      const error = await refusal(AccessDenied, reading, [bad]);
      assert.match(
        error.describe(),
        /Security Token Service .*serviceAccountRef \(invalid_grant\); check the audience/,
      );
    }
    const reading = read({ audience: `${POOL}/providers/none`, serviceAccountRef }, { issueToken: () => token() });
    assert.match((await refusal(AccessDenied, reading)).message, /invalid_target/);
  });
});

describe("the backend gcpsm with AWS credentials", () => {
  const awsSecurityCredentials = { region: "eu-central-1", awsCredentialsSecretRef: { name: "aws" } };
  const keys = {
    "aws/aws_access_key_id": EXAMPLE_CREDENTIALS.accessKeyId,
    "aws/aws_secret_access_key": `${EXAMPLE_CREDENTIALS.secretAccessKey}\n`,
  };
  it("reads as the AWS identity, and with a session's token", async () => {
    const spec = { audience: AWS_AUDIENCE, awsSecurityCredentials };
    assert.equal(await read(spec, { secrets: keys }), "v");
    const session = await assumedRole();
    assert.equal(await read(spec, { secrets: session }), "v");
  });

  it("is denied with a wrong key, and names what is missing", async () => {
    const wrong = { ...keys, "aws/aws_secret_access_key": "wrong-secret-key" };
    const spec = { audience: AWS_AUDIENCE, awsSecurityCredentials };
    await refusal(AccessDenied, read(spec, { secrets: wrong }), ["wrong-secret-key"]);
    const error = await refusal(InvalidConfiguration, read(spec, { secrets: {} }));
    assert.match(error.message, /aws_access_key_id/);
  });

  async function assumedRole(): Promise<Record<string, string>> {
    const sts = new STSClient({ endpoint: pool.aws().endpoint, region: "us-east-1", credentials: EXAMPLE_CREDENTIALS });
    const RoleArn = "arn:aws:iam::123456789012:role/eso";
    const answer = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "session" }));
    sts.destroy();
    return {
      "aws/aws_access_key_id": answer.Credentials?.AccessKeyId ?? "",
      "aws/aws_secret_access_key": answer.Credentials?.SecretAccessKey ?? "",
      "aws/aws_session_token": answer.Credentials?.SessionToken ?? "",
    };
  }
});
