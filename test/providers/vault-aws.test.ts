/** Vault's login by AWS IAM: what Vault is sent is a request that AWS accepts. */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, describe, it } from "node:test";
import { systemClock } from "../../api/clock.ts";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import type { Surroundings } from "../contract/store-context.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { createTokenIssuer } from "../ground/aws/web-identity-tokens.ts";
import { kvAnswer, limit, type ScriptedVault, startScriptedVault } from "./vault-surroundings.ts";

type Iam = NonNullable<NonNullable<VaultProviderSpec["auth"]>["iam"]>;

const SECRETS = { "aws/id": `${EXAMPLE_CREDENTIALS.accessKeyId}\n`, "aws/key": EXAMPLE_CREDENTIALS.secretAccessKey };
const KEYS = {
  secretRef: {
    accessKeyIDSecretRef: { name: "aws", key: "id" },
    secretAccessKeySecretRef: { name: "aws", key: "key" },
  },
} as const;

const decode = (base64: string | undefined) => Buffer.from(base64 ?? "", "base64").toString("utf8");

describe("a login to Vault by AWS IAM", () => {
  let emulator: AwsEmulator;
  const issuer = createTokenIssuer();

  before(async () => {
    emulator = await startAwsEmulator({ webIdentity: { jwks: issuer.jwks } });
  });
  after(() => emulator.stop());

  /** Logs in by one read; the result is the login's path and body. */
  async function logIn(iam: Partial<Iam>, surroundings: Surroundings = {}) {
    const vault = await startScriptedVault(({ url }) =>
      url.endsWith("/login")
        ? { body: { auth: { client_token: "t", lease_duration: 900, renewable: true } } }
        : kvAnswer({ v: "value" }),
    );
    try {
      await readOnce(vault, iam, surroundings);
    } finally {
      await vault.stop();
    }
    const login = vault.requests.find(({ url }) => url.endsWith("/login"));
    assert.ok(login !== undefined);
    return { url: login.url, body: JSON.parse(login.body) as Record<string, string> };
  }

  async function readOnce(vault: ScriptedVault, iam: Partial<Iam>, surroundings: Surroundings): Promise<void> {
    const client = await vault.open(
      { auth: { iam: { vaultRole: "reader", ...iam } } },
      {
        clock: systemClock,
        secrets: SECRETS,
        ...surroundings,
        environment: {
          AWS_STS_ENDPOINT: emulator.endpoint,
          AWS_EC2_METADATA_DISABLED: "true",
          ...surroundings.environment,
        },
      },
    );
    try {
      await client.getSecret({ key: "k" }, limit());
    } finally {
      await client.close();
    }
  }

  /** Does what Vault does: sends the signed request on, to the server that it knows as AWS. */
  function askAws(body: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly text: string }> {
    const headers = JSON.parse(decode(body.iam_request_headers)) as Record<string, string>;
    const method = body.iam_http_request_method ?? "";
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(emulator.endpoint, { method, headers, signal: limit() }, (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
      });
      outgoing.on("error", reject);
      outgoing.end(decode(body.iam_request_body));
    });
  }

  it("signs with access keys from Secrets, for the global endpoint unless a region is named", async () => {
    const { url, body } = await logIn(KEYS);
    assert.equal(url, "/v1/auth/aws/login");
    assert.equal(body.role, "reader");
    assert.equal(decode(body.iam_request_url), "https://sts.amazonaws.com/");
    const answer = await askAws(body);
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /arn:aws:iam::123456789012:user\/user/);
  });

  it("signs the server id, and for the region and the mount that are named", async () => {
    const { url, body } = await logIn({
      ...KEYS,
      path: "/team/aws/",
      region: "eu-central-1",
      vaultAwsIamServerID: "vault.example.com",
    });
    assert.equal(url, "/v1/auth/team/aws/login");
    assert.equal(decode(body.iam_request_url), "https://sts.eu-central-1.amazonaws.com/");
    const headers = JSON.parse(decode(body.iam_request_headers)) as Record<string, string>;
    assert.equal(headers["x-vault-aws-iam-server-id"], "vault.example.com");
    assert.match(headers.authorization ?? "", /eu-central-1\/sts\/.*SignedHeaders=[^,]*x-vault-aws-iam-server-id/);
    assert.equal((await askAws(body)).status, 200);
    headers["x-vault-aws-iam-server-id"] = "other.example.com";
    const forged = Buffer.from(JSON.stringify(headers)).toString("base64");
    assert.equal((await askAws({ ...body, iam_request_headers: forged })).status, 403);
  });

  it("acts as the role that is named, or as that of a service account", async () => {
    const role = "arn:aws:iam::123456789012:role/vault-reader";
    const { body } = await logIn({ ...KEYS, role, externalID: "ext" });
    assert.match((await askAws(body)).text, /assumed-role\/vault-reader/);
    assert.equal(emulator.sessions().at(-1)?.externalId, "ext");

    const tokens = {
      issueToken: (name: string, audiences: readonly string[]) =>
        issuer.issue({ sub: `system:serviceaccount:team:${name}`, aud: audiences, exp: Date.now() / 1_000 + 600 }),
      readServiceAccountAnnotations: async () => ({ "eks.amazonaws.com/role-arn": `${role}-2` }),
    };
    const keyless = await logIn({ jwt: { serviceAccountRef: { name: "app" } } }, tokens);
    assert.match((await askAws(keyless.body)).text, /assumed-role\/vault-reader-2/);
    assert.equal(emulator.sessions().at(-1)?.assumedBy, "web-identity:system:serviceaccount:team:app");
  });

  it("uses the controller's own credentials where none are named", async () => {
    const { accessKeyId, secretAccessKey } = EXAMPLE_CREDENTIALS;
    const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    assert.equal((await askAws((await logIn({}, { environment })).body)).status, 200);
  });

  it("names its own fields in errors, and shows no key", async () => {
    const partial = logIn({ secretRef: { accessKeyIDSecretRef: { name: "aws", key: "id" } } });
    await assert.rejects(partial, (error) => {
      assert.ok(error instanceof InvalidConfiguration);
      assert.match(error.message, /spec\.provider\.vault\.auth\.iam\.secretRef\.secretAccessKeySecretRef is missing/);
      return true;
    });
    const wrong = logIn(
      { ...KEYS, role: "arn:aws:iam::123456789012:role/x" },
      { secrets: { ...SECRETS, "aws/key": "no" } },
    );
    await assert.rejects(wrong, (error) => {
      assert.ok(error instanceof AccessDenied);
      assert.equal(error.details.field, "spec.provider.vault.auth.iam.role");
      return true;
    });
  });
});
