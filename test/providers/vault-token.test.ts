/** Vault tokens: logged in for once, renewed, replaced and revoked. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, ReferentNamespaceMissing } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { FakeClock } from "../fake-clock.ts";
import type { ScriptedAnswer, ScriptedRequest } from "./scripted-server.ts";
import { kvAnswer, limit, type ScriptedVault, startScriptedVault } from "./vault-surroundings.ts";

const APP_ROLE = { appRole: { path: "approle", roleId: "r", secretRef: { name: "role", key: "secret" } } } as const;
const SECRETS = { "role/secret": "s3cr3t-id\n" };
const LEASE_SECONDS = 900;

/** Valid tokens of a Vault that logs in by AppRole; `t1`, `t2`, … */
function tokenVault(behaviour: { readonly renewalSeconds?: number; readonly renewable?: boolean } = {}) {
  let logins = 0;
  const valid = new Set<string>();
  const auth = (token: string, seconds: number): ScriptedAnswer => ({
    body: { auth: { client_token: token, lease_duration: seconds, renewable: behaviour.renewable ?? true } },
  });
  const script = ({ url, headers }: ScriptedRequest): ScriptedAnswer => {
    if (url === "/v1/auth/approle/login") {
      const token = `t${++logins}`;
      valid.add(token);
      return auth(token, LEASE_SECONDS);
    }
    const token = String(headers["x-vault-token"]);
    if (!valid.has(token)) return { status: 403, body: { errors: ["permission denied"] } };
    if (url === "/v1/auth/token/renew-self") return auth(token, behaviour.renewalSeconds ?? LEASE_SECONDS);
    if (url === "/v1/auth/token/revoke-self") {
      valid.delete(token);
      return { status: 204 };
    }
    return url.includes("denied") ? { status: 403, body: { errors: ["1 error"] } } : kvAnswer({ v: token });
  };
  return { script, valid };
}

let vault: ScriptedVault | undefined;

async function openAppRole(fake: ReturnType<typeof tokenVault>, clock = new FakeClock()): Promise<SecretsClient> {
  vault = await startScriptedVault(fake.script);
  return vault.open({ auth: APP_ROLE }, { clock, secrets: SECRETS });
}

const tokenUsed = async (client: SecretsClient) =>
  new TextDecoder().decode(await client.getSecret({ key: "k", property: "v" }, limit()));

describe("a token that we log in for", () => {
  afterEach(async () => vault?.stop());

  it("serves many reads at once and in a row with one login, and is revoked on close", async () => {
    const fake = tokenVault();
    const client = await openAppRole(fake);
    await Promise.all(Array.from({ length: 10 }, () => tokenUsed(client)));
    await tokenUsed(client);
    const logins = vault?.requests.filter(({ url }) => url.endsWith("/login")) ?? [];
    assert.deepEqual(
      logins.map(({ body }) => JSON.parse(body)),
      [{ role_id: "r", secret_id: "s3cr3t-id" }],
    );
    await client.close();
    await client.close();
    assert.equal(fake.valid.size, 0);
    assert.equal(vault?.seen(/revoke-self/).length, 1);
  });

  it("is renewed after two thirds of its lease and not before", async () => {
    const clock = new FakeClock();
    const client = await openAppRole(tokenVault(), clock);
    await tokenUsed(client);
    await clock.advance(599_000);
    await tokenUsed(client);
    assert.equal(vault?.seen(/renew-self/).length, 0);
    await clock.advance(2_000);
    assert.equal(await tokenUsed(client), "t1");
    assert.equal(vault?.seen(/renew-self/).length, 1);
    await clock.advance(500_000);
    assert.equal(await tokenUsed(client), "t1");
    assert.equal(vault?.seen(/renew-self|login/).length, 2);
  });

  it("is followed by a new login where renewal gives little, fails, or is not possible", async () => {
    for (const behaviour of [{ renewalSeconds: 60 }, { renewable: false }]) {
      const clock = new FakeClock();
      const client = await openAppRole(tokenVault(behaviour), clock);
      await tokenUsed(client);
      await clock.advance(700_000);
      assert.equal(await tokenUsed(client), "t2");
      await vault?.stop();
    }
    const clock = new FakeClock();
    const fake = tokenVault();
    const client = await openAppRole(fake, clock);
    await tokenUsed(client);
    fake.valid.clear();
    await clock.advance(700_000);
    assert.equal(await tokenUsed(client), "t2");
  });

  it("is replaced once after the end of its lease, and when Vault has forgotten it", async () => {
    const clock = new FakeClock();
    const fake = tokenVault();
    const client = await openAppRole(fake, clock);
    await tokenUsed(client);
    await clock.advance(LEASE_SECONDS * 1_000 + 1);
    assert.equal(await tokenUsed(client), "t2");
    assert.equal(vault?.seen(/renew-self/).length, 0);
    await clock.advance(60_000);
    fake.valid.clear();
    assert.equal(await tokenUsed(client), "t3");
  });

  it("is kept where a policy denies a read, however often", async () => {
    const clock = new FakeClock();
    const client = await openAppRole(tokenVault(), clock);
    for (let i = 0; i < 3; i++) {
      const error = await refusal(AccessDenied, client.getSecret({ key: "denied" }, limit()), ["t1", "s3cr3t-id"]);
      assert.match(error.describe(), /grant "read" on path "secret\/data\/denied"/);
      await clock.advance(60_000);
    }
    assert.equal(vault?.seen(/login/).length, 1);
  });

  it("outlives the caller that began the login", async () => {
    const client = await openAppRole(tokenVault());
    const stopping = new AbortController();
    const reason = new Error("stopped");
    const first = client.getSecret({ key: "k" }, stopping.signal);
    const second = tokenUsed(client);
    stopping.abort(reason);
    await assert.rejects(first, reason);
    assert.equal(await second, "t1");
  });
});

describe("a login that Vault refuses", () => {
  afterEach(async () => vault?.stop());

  it("is AccessDenied with the method's field, without the credentials", async () => {
    vault = await startScriptedVault(() => ({ status: 400, body: { errors: ["invalid role or secret ID"] } }));
    const client = await vault.open({ auth: APP_ROLE }, { secrets: SECRETS });
    for (const attempt of [client.getSecret({ key: "k" }, limit()), client.validate(limit())]) {
      const error = await refusal(AccessDenied, attempt, ["s3cr3t-id"]);
      assert.equal(error.details.field, "spec.provider.vault.auth.appRole");
      assert.match(error.describe(), /auth\/approle\/login/);
    }
  });
});

describe("a static token", () => {
  afterEach(async () => vault?.stop());

  it("is neither renewed nor revoked", async () => {
    vault = await startScriptedVault(() => kvAnswer({ v: "1" }));
    const client = await vault.open();
    await tokenUsed(client);
    await client.close();
    assert.equal(vault.seen(/auth\/token/).length, 0);
  });

  it("is read again when Vault refuses it, and named where it is still the same", async () => {
    const secrets = { "vault/token": "old" };
    vault = await startScriptedVault(({ headers }) =>
      headers["x-vault-token"] === "new" ? kvAnswer({ v: "1" }) : { status: 403, body: { errors: ["invalid token"] } },
    );
    const client = await vault.open({}, { secrets });
    const error = await refusal(AccessDenied, client.validate(limit()), ["old"]);
    assert.match(error.describe(), /does not accept the token of spec\.provider\.vault\.auth\.tokenSecretRef/);
    secrets["vault/token"] = "new";
    assert.equal(await tokenUsed(client), "1");
  });

  it("without a namespace in a ClusterSecretStore leaves the store's validity unknown", async () => {
    vault = await startScriptedVault(() => kvAnswer({}));
    const store = { kind: "ClusterSecretStore", name: "store" } as const;
    const client = await vault.open({}, { store, namespace: undefined });
    assert.equal(await client.validate(limit()), "Unknown");
    await refusal(ReferentNamespaceMissing, client.getSecret({ key: "k" }, limit()));
  });
});
