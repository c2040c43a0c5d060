/** Vault's login by AWS IAM: Vault is sent a request that AWS accepts, and that it may pass on. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemClock } from "../../api/clock.ts";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { createVaultBackend } from "../../providers/vault/index.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import { FakeClock } from "../fake-clock.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { createTokenIssuer } from "../ground/aws/web-identity-tokens.ts";
import { CLOUD_SECRET, type CloudLogins, startCloudLogins } from "../ground/vault-cloud-logins.ts";

type Iam = NonNullable<NonNullable<VaultProviderSpec["auth"]>["iam"]>;

const SECRETS = { "aws/id": `${EXAMPLE_CREDENTIALS.accessKeyId}\n`, "aws/key": EXAMPLE_CREDENTIALS.secretAccessKey };
const KEYS = {
  secretRef: {
    accessKeyIDSecretRef: { name: "aws", key: "id" },
    secretAccessKeySecretRef: { name: "aws", key: "key" },
  },
} as const;
const ROLE = "arn:aws:iam::123456789012:role/vault-reader";
const SERVER_ID = "vault.example.com";

const limit = () => AbortSignal.timeout(10_000);

describe("a login to Vault by AWS IAM", () => {
  let emulator: AwsEmulator;
  let vault: CloudLogins;
  const issuer = createTokenIssuer();

  before(async () => {
    emulator = await startAwsEmulator({ webIdentity: { jwks: issuer.jwks } });
    const roles = {
      reader: "arn:aws:iam::123456789012:user/user",
      "role-reader": ROLE,
      "keyless-reader": `${ROLE}-2`,
    };
    const stsEndpoint = emulator.endpoint;
    vault = await startCloudLogins({
      aws: {
        aws: { stsEndpoint, hosts: ["sts.amazonaws.com"], roles },
        "team/aws": { stsEndpoint, hosts: ["sts.eu-central-1.amazonaws.com"], serverId: SERVER_ID, roles },
      },
    });
  });
  after(async () => {
    await vault?.stop();
    await emulator?.stop();
  });

  /** Reads one secret with a login by AWS IAM. */
  async function read(iam: Partial<Iam>, surroundings: Surroundings = {}): Promise<unknown> {
    const context = createStoreContext({
      clock: systemClock,
      secrets: SECRETS,
      ...surroundings,
      environment: {
        AWS_STS_ENDPOINT: emulator.endpoint,
        AWS_EC2_METADATA_DISABLED: "true",
        ...surroundings.environment,
      },
    });
    const spec = { server: vault.address, path: "secret", auth: { iam: { vaultRole: "reader", ...iam } } };
    const client = await createVaultBackend({ random: () => 0.5 }).open(spec, context, limit());
    try {
      return JSON.parse(new TextDecoder().decode(await client.getSecret({ key: "app" }, limit())));
    } finally {
      await client.close();
    }
  }

  it("signs with access keys from Secrets, for the global endpoint unless a region is named", async () => {
    assert.deepEqual(await read(KEYS), CLOUD_SECRET);
    assert.equal(vault.logins.at(-1), "aws reader");
    assert.equal(vault.tokens.size, 0, "the token is revoked when the store is closed");
    await refusal(AccessDenied, read({ ...KEYS, region: "eu-central-1" }));
  });

  it("signs the server id, and for the region and the mount that are named", async () => {
    const regional = { ...KEYS, path: "/team/aws/", region: "eu-central-1" };
    assert.deepEqual(await read({ ...regional, vaultAwsIamServerID: SERVER_ID }), CLOUD_SECRET);
    assert.equal(vault.logins.at(-1), "team/aws reader");
    for (const vaultAwsIamServerID of ["other.example.com", ""]) {
      await refusal(AccessDenied, read({ ...regional, vaultAwsIamServerID }));
    }
  });

  it("acts as the role that is named, or as that of a service account", async () => {
    assert.deepEqual(await read({ ...KEYS, vaultRole: "role-reader", role: ROLE, externalID: "ext" }), CLOUD_SECRET);
    assert.equal(emulator.sessions().at(-1)?.externalId, "ext");

    const tokens = {
      issueToken: (name: string, audiences: readonly string[]) =>
        issuer.issue({ sub: `system:serviceaccount:team:${name}`, aud: audiences, exp: Date.now() / 1_000 + 600 }),
      readServiceAccountAnnotations: async () => ({ "eks.amazonaws.com/role-arn": `${ROLE}-2` }),
    };
    const jwt = { serviceAccountRef: { name: "app" } };
    assert.deepEqual(await read({ jwt, vaultRole: "keyless-reader" }, tokens), CLOUD_SECRET);
    assert.equal(emulator.sessions().at(-1)?.assumedBy, "web-identity:system:serviceaccount:team:app");
    await refusal(AccessDenied, read({ jwt, vaultRole: "reader" }, tokens));
  });

  it("uses the controller's own credentials where none are named", async () => {
    const { accessKeyId, secretAccessKey } = EXAMPLE_CREDENTIALS;
    const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    assert.deepEqual(await read({}, { environment }), CLOUD_SECRET);
  });

  it("is refused with a wrong key and with a wrong clock, without showing the key", async () => {
    const secrets = { ...SECRETS, "aws/key": "c4n4ry-key" };
    const error = await refusal(AccessDenied, read(KEYS, { secrets }));
    assert.equal(error.details.field, "spec.provider.vault.auth.iam");
    assert.match(error.describe(), /the login by iam.*check the credentials and the role at auth\/aws\/login/);
    await refusal(AccessDenied, read(KEYS, { clock: new FakeClock(Date.now() - 3_600_000) }));
  });

  it("names its own fields in errors, and shows no key", async () => {
    const partial = read({ secretRef: { accessKeyIDSecretRef: { name: "aws", key: "id" } } });
    const missing = await refusal(InvalidConfiguration, partial);
    assert.match(missing.message, /spec\.provider\.vault\.auth\.iam\.secretRef\.secretAccessKeySecretRef is missing/);
    const secrets = { ...SECRETS, "aws/key": "c4n4ry-key" };
    const wrong = await refusal(AccessDenied, read({ ...KEYS, role: ROLE }, { secrets }));
    assert.equal(wrong.details.field, "spec.provider.vault.auth.iam.role");
  });
});
