/** Vault's login by Google Cloud: what Vault is sent is a token that Google, or a key that Google knows, has signed. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemClock } from "../../api/clock.ts";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { createVaultBackend } from "../../providers/vault/index.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import { FakeClock } from "../fake-clock.ts";
import { createTokenIssuer } from "../ground/aws/web-identity-tokens.ts";
import {
  accountOf,
  type GoogleEmulator,
  googleEnvironment,
  PROJECT,
  startGoogleEmulator,
} from "../ground/gcp/index.ts";
import { CLOUD_SECRET, type CloudLogins, startCloudLogins } from "../ground/vault-cloud-logins.ts";

type Gcp = NonNullable<NonNullable<VaultProviderSpec["auth"]>["gcp"]>;

const FIELD = "spec.provider.vault.auth.gcp";
const POOL = `${PROJECT}.svc.id.goog`;
const PROVIDER = `https://container.googleapis.com/v1/projects/${PROJECT}/locations/europe-west3/clusters/main`;
const MEMBER = `serviceAccount:${POOL}[team/app]`;
const KEY: Partial<Gcp> = { secretRef: { secretAccessKeySecretRef: { name: "google", key: "key.json" } } };
const INSTANCE = { instance_id: "42", instance_name: "node-1", zone: "europe-west3-a" };
const limit = () => AbortSignal.timeout(10_000);

let google: GoogleEmulator;
let vault: CloudLogins;
const issuer = createTokenIssuer();
const secrets: Record<string, string> = {};

before(async () => {
  google = await startGoogleEmulator();
  google.addCluster({ pool: POOL, provider: PROVIDER, jwks: issuer.jwks });
  secrets["google/key.json"] = JSON.stringify(google.accountKey("reader", []));
  google.principals.createAccount(accountOf("linked"), [MEMBER]);
  google.principals.grant(`serviceAccount:${accountOf("linked")}`, ["iam.serviceAccounts.signJwt"]);
  const roles = {
    reader: { type: "iam", accounts: [accountOf("reader"), accountOf("linked")] },
    machines: { type: "gce", projects: [PROJECT] },
    others: { type: "iam", accounts: [accountOf("another")] },
  } as const;
  vault = await startCloudLogins({ gcp: { gcp: { google, roles }, "team/gcp": { google, roles } } });
});
after(async () => {
  await vault?.stop();
  await google?.stop();
});

/** Reads one secret with a login by Google Cloud. */
async function read(gcp: Partial<Gcp>, surroundings: Surroundings = {}): Promise<unknown> {
  const context = createStoreContext({
    clock: systemClock,
    secrets,
    ...surroundings,
    environment: { ...googleEnvironment(google.endpoint), ...surroundings.environment },
  });
  const spec = { server: vault.address, path: "secret", auth: { gcp: { role: "reader", ...gcp } } };
  const client = await createVaultBackend({ random: () => 0.5 }).open(spec, context, limit());
  try {
    return JSON.parse(new TextDecoder().decode(await client.getSecret({ key: "app" }, limit())));
  } finally {
    await client.close();
  }
}

/** A cluster whose service accounts are linked to this account. */
function linkedTo(account: string | undefined): Surroundings {
  const annotations: Record<string, string> =
    account === undefined ? {} : { "iam.gke.io/gcp-service-account": account };
  return {
    readServiceAccountAnnotations: async () => annotations,
    issueToken: (name, aud) =>
      issuer.issue({ sub: `system:serviceaccount:team:${name}`, aud, exp: Date.now() / 1_000 + 600 }),
  };
}

describe("a login to Vault by a Google service account's key", () => {
  it("is signed with the key for the role, asks Google for nothing, and ends with the client", async () => {
    const asked = google.requests.length;
    assert.deepEqual(await read(KEY), CLOUD_SECRET);
    assert.deepEqual(await read({ ...KEY, path: "/team/gcp/" }), CLOUD_SECRET);
    assert.deepEqual(vault.logins.slice(-2), ["gcp reader", "team/gcp reader"]);
    assert.equal(google.requests.length, asked);
    assert.equal(vault.tokens.size, 0);
  });

  it("is refused for a role that does not name the account, for a key that Google does not know, and for a wrong clock", async () => {
    const denied = await refusal(AccessDenied, read({ ...KEY, role: "others" }));
    assert.match(denied.describe(), /the login by gcp.*check the credentials and the role at auth\/gcp\/login/);
    assert.equal(denied.details.field, FIELD);
    const forged = {
      "google/key.json": JSON.stringify({ ...google.accountKey("mallory"), client_email: accountOf("reader") }),
    };
    await refusal(AccessDenied, read(KEY, { secrets: forged }));
    await refusal(AccessDenied, read(KEY, { clock: new FakeClock(Date.now() - 3_600_000) }));
  });

  it("names the field of what is no key, and shows nothing of it", async () => {
    const field = `${FIELD}.secretRef.secretAccessKeySecretRef`;
    const error = await refusal(InvalidConfiguration, read(KEY, { secrets: { "google/key.json": "c4n4ry" } }));
    assert.equal(error.details.field, field);
    await refusal(InvalidConfiguration, read({ secretRef: {} }));
  });
});

describe("a login to Vault by GKE workload identity", () => {
  const workloadIdentity = { serviceAccountRef: { name: "app" }, clusterName: "main" };
  const place = { projectID: PROJECT, location: "europe-west3" };

  it("is signed by Google as the account that the ServiceAccount is linked to", async () => {
    assert.deepEqual(await read({ ...place, workloadIdentity }, linkedTo(accountOf("linked"))), CLOUD_SECRET);
  });

  it("asks the metadata server about the cluster that the store does not name", async () => {
    google.setMachine({ project: PROJECT, clusterLocation: "europe-west3", clusterName: "main" });
    const bare = { workloadIdentity: { serviceAccountRef: { name: "app" } } };
    assert.deepEqual(await read(bare, linkedTo(accountOf("linked"))), CLOUD_SECRET);
  });

  it("says what is missing: the link, the right to sign, and the right to act as the account", async () => {
    const field = `${FIELD}.workloadIdentity.serviceAccountRef`;
    const unlinked = await refusal(InvalidConfiguration, read({ ...place, workloadIdentity }, linkedTo(undefined)));
    assert.match(unlinked.describe(), /annotate it with iam\.gke\.io\/gcp-service-account/);
    google.principals.createAccount(accountOf("mute"), [MEMBER]);
    const mute = await refusal(AccessDenied, read({ ...place, workloadIdentity }, linkedTo(accountOf("mute"))));
    assert.match(mute.describe(), /does not sign as mute@.*iam\.serviceAccounts\.signJwt/);
    google.principals.createAccount(accountOf("foreign"));
    const foreign = await refusal(AccessDenied, read({ ...place, workloadIdentity }, linkedTo(accountOf("foreign"))));
    assert.match(foreign.describe(), /roles\/iam\.workloadIdentityUser/);
    for (const error of [unlinked, mute, foreign]) assert.equal(error.details.field, field);
  });
});

describe("a login to Vault by the metadata server", () => {
  it("proves the machine for the role", async () => {
    google.setMachine({ project: PROJECT, account: accountOf("node"), instance: INSTANCE });
    assert.deepEqual(await read({ role: "machines" }), CLOUD_SECRET);
    assert.ok(google.requests.some((line) => line.includes("audience=http%3A%2F%2Fvault%2Fmachines&format=full")));
  });

  it("is the way of serviceAccountRef, too: the controller's own account", async () => {
    google.setMachine({ project: PROJECT, account: accountOf("node"), instance: INSTANCE });
    assert.deepEqual(await read({ role: "machines", serviceAccountRef: { name: "app" } }), CLOUD_SECRET);
  });

  it("is refused where the machine has no account, and outside of Google Cloud", async () => {
    google.setMachine({ project: PROJECT });
    const without = await refusal(AccessDenied, read({ role: "machines" }));
    assert.match(without.describe(), /does not run as a service account of Google Cloud.*secretRef or/);
    const outside = { environment: { GCE_METADATA_HOST: "metadata.invalid" } };
    await refusal(AccessDenied, read({ role: "machines" }, outside));
  });
});
