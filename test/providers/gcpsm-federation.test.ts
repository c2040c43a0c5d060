/** The backend `gcpsm` with workload identity federation. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import type { Surroundings } from "../contract/store-context.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { createTokenIssuer, type TokenClaims } from "../ground/aws/web-identity-tokens.ts";
import { accountOf, PROJECT_NUMBER } from "../ground/gcp/index.ts";
import { type GcpAuth, limit, textOf, useGoogle } from "./gcpsm-surroundings.ts";
import { startScriptedServer } from "./scripted-server.ts";

type Federation = NonNullable<GcpAuth["workloadIdentityFederation"]>;

const POOL = `//iam.googleapis.com/projects/${PROJECT_NUMBER}/locations/global/workloadIdentityPools/pool`;
const AUDIENCE = `${POOL}/providers/cluster`;
const AWS_AUDIENCE = `${POOL}/providers/aws`;
const SUBJECT = "system:serviceaccount:team:app";
const MEMBER = `principal:${POOL}/subject/${SUBJECT}`;
const READ = ["secretmanager.versions.access"];
const IMPERSONATION = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts";

const google = useGoogle();
const issuer = createTokenIssuer();
let aws: AwsEmulator;
let folder: string;

function token(claims: TokenClaims = {}): string {
  return issuer.issue({
    iss: "https://cluster",
    sub: SUBJECT,
    aud: AUDIENCE,
    exp: Date.now() / 1_000 + 600,
    ...claims,
  });
}

async function read(workloadIdentityFederation: Federation, surroundings: Surroundings = {}): Promise<string> {
  const client = await google.open({ auth: { workloadIdentityFederation } }, surroundings);
  return textOf(client.getSecret({ key: "of-the-pool" }, limit()));
}

before(async () => {
  [aws, folder] = await Promise.all([startAwsEmulator(), mkdtemp(path.join(tmpdir(), "federation-"))]);
  const emulator = google.emulator();
  emulator.addProvider({ audience: AUDIENCE, oidc: { issuer: "https://cluster", jwks: issuer.jwks } });
  emulator.addProvider({ audience: AWS_AUDIENCE, awsEndpoint: aws.endpoint });
  emulator.principals.grant(MEMBER, READ);
  emulator.put("of-the-pool", "v");
});
after(async () => {
  await aws.stop();
  await rm(folder, { recursive: true });
});

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
    const { principals } = google.emulator();
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
  const identities = ["iam::123456789012:user/user", "sts::123456789012:assumed-role/eso/session"];

  before(() => {
    for (const identity of identities) {
      google.emulator().principals.grant(`principal:${POOL}/subject/arn:aws:${identity}`, READ);
    }
  });

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

  it("reads as the machine's role, by a credential configuration", async () => {
    const imds = await startScriptedServer(({ method, url, headers }) => {
      if (method === "PUT") return { body: "session" };
      if (headers["x-aws-ec2-metadata-token"] !== "session") return { status: 401 };
      if (url.endsWith("/availability-zone")) return { body: "eu-central-1a" };
      if (url.endsWith("/security-credentials")) return { body: "role" };
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = EXAMPLE_CREDENTIALS;
      return { body: { AccessKeyId, SecretAccessKey } };
    });
    const meta = "http://169.254.169.254/latest";
    const source = {
      environment_id: "aws1",
      region_url: `${meta}/meta-data/placement/availability-zone`,
      url: `${meta}/meta-data/iam/security-credentials`,
      imdsv2_session_token_url: `${meta}/api/token`,
    };
    const type = "urn:ietf:params:aws:token-type:aws4_request";
    const config = { ...configuration(source), audience: AWS_AUDIENCE, subject_token_type: type };
    const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.address };
    const spec = { credConfig: { name: "google", key: "config.json" } };
    assert.equal(await read(spec, { configMaps: { "google/config.json": JSON.stringify(config) }, environment }), "v");
    await imds.stop();
  });

  async function assumedRole(): Promise<Record<string, string>> {
    const sts = new STSClient({ endpoint: aws.endpoint, region: "us-east-1", credentials: EXAMPLE_CREDENTIALS });
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

function configuration(credential_source: object, changes: object = {}) {
  return {
    type: "external_account",
    audience: AUDIENCE,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source,
    ...changes,
  };
}

describe("the backend gcpsm with a credential configuration", () => {
  const credConfig = { name: "google", key: "config.json" };
  const readWith = (config: object, spec: Federation = {}) =>
    read({ credConfig, ...spec }, { configMaps: { "google/config.json": JSON.stringify(config) } });

  it("takes the subject token from a file, as text or out of JSON, and impersonates", async () => {
    const file = path.join(folder, "token");
    await writeFile(file, `${token()}\n`);
    assert.equal(await readWith(configuration({ file })), "v");
    await writeFile(file, JSON.stringify({ id: { token: 1 }, access: token() }));
    const format = { type: "json", subject_token_field_name: "access" };
    assert.equal(await readWith(configuration({ file, format })), "v");
    google.emulator().principals.createAccount(accountOf("configured"), [MEMBER]);
    google.emulator().principals.grant(`serviceAccount:${accountOf("configured")}`, READ);
    const service_account_impersonation_url = `${IMPERSONATION}/${accountOf("configured")}:generateAccessToken`;
    assert.equal(await readWith(configuration({ file, format }, { service_account_impersonation_url })), "v");
  });

  it("takes it from the URL that the store permits, with the headers of the file", async () => {
    const server = await startScriptedServer(({ headers, url }) =>
      headers["x-key"] === "k" && url === "/token?a=b" ? { body: token() } : { status: 404 },
    );
    const url = `${server.address}/token?a=b`;
    const config = configuration({ url, headers: { "x-key": "k" } });
    assert.equal(await readWith(config, { externalTokenEndpoint: url }), "v");
    const error = await refusal(InvalidConfiguration, readWith(config));
    assert.match(error.message, /externalTokenEndpoint/);
    await server.stop();
  });

  it("is refused where it leads elsewhere, runs a program, or reads the controller's own token", async () => {
    const own = path.join(folder, "run/secrets/kubernetes.io/serviceaccount");
    await mkdir(own, { recursive: true });
    const other = path.join(folder, "run/secrets/eks.amazonaws.com/token");
    await mkdir(path.dirname(other), { recursive: true });
    for (const file of [path.join(own, "token"), other]) await writeFile(file, token());
    await symlink(own, path.join(folder, "link"));
    const file = path.join(folder, "token");
    const imds = "http://169.254.169.254/latest/meta-data/iam/security-credentials";
    const cases: readonly (readonly [object, RegExp])[] = [
      [configuration({ file: path.join(own, "token") }), /controller's own token/],
      [configuration({ file: path.join(own, "../serviceaccount/token") }), /controller's own token/],
      [configuration({ file: path.join(folder, "link/token") }), /controller's own token/],
      [configuration({ file: other }), /controller's own token/],
      [configuration({ executable: { command: "/bin/true" } }), /executable is not allowed/],
      [configuration({}), /neither file, url nor environment_id/],
      [configuration({ file: path.join(folder, "none") }), /cannot be read/],
      [
        configuration({ environment_id: "aws1", url: imds.replace("169.254.169.254", "127.0.0.1") }),
        /instance metadata/,
      ],
      [configuration({ file }, { type: "service_account" }), /type is not/],
      [configuration({ file }, { token_url: "https://sts.example.com/v1/token" }), /token_url/],
      [configuration({ file }, { token_url: "https://sts.googleapis.com.example.com/v1/token" }), /token_url/],
      [
        configuration({ file }, { token_url: "https://sts.example.com/v1/token", universe_domain: "example.com" }),
        /googleapis\.com only/,
      ],
      [
        configuration({ file }, { service_account_impersonation_url: `https://example.com/${accountOf("x")}` }),
        /service_account_impersonation_url/,
      ],
    ];
    for (const [config, message] of cases) {
      const error = await refusal(InvalidConfiguration, readWith(config));
      assert.match(error.message, message);
      assert.equal(error.details.field, "spec.provider.gcpsm.auth.workloadIdentityFederation.credConfig");
    }
  });
});
