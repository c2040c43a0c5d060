/** What a real Vault answers beyond single reads: leases, quotas, seals, check-and-set, versions, folders. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemClock } from "../../api/clock.ts";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound, Transient } from "../../providers/errors.ts";
import { createVaultBackend } from "../../providers/vault/index.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import { FakeClock } from "../fake-clock.ts";
import { startVault, type Vault } from "../ground/index.ts";

const limit = () => AbortSignal.timeout(20_000);
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("a real Vault", { timeout: 60_000 }, () => {
  let vault: Vault;
  const secrets: Record<string, string> = { "vault/token": "root" };

  before(async () => {
    vault = await startVault();
    await vault.write("sys/policies/acl/app", { policy: 'path "secret/data/app" { capabilities = ["read"] }' });
    await vault.write("secret/data/app", { data: { v: "1" } });
    await vault.write("sys/auth/approle", { type: "approle" });
  });
  after(async () => vault?.stop());

  function open(spec: Partial<VaultProviderSpec> = {}, surroundings: Surroundings = {}): Promise<SecretsClient> {
    const auth = { tokenSecretRef: { name: "vault", key: "token" } };
    const whole = { server: vault.address, path: "secret", auth, ...spec };
    const context = createStoreContext({ secrets, ...surroundings });
    return createVaultBackend({ random: () => 0.5 }).open(whole, context, limit());
  }

  /** A store that logs in by an AppRole with these settings. */
  async function openAppRole(name: string, settings: object, surroundings: Surroundings = {}): Promise<SecretsClient> {
    await vault.write(`auth/approle/role/${name}`, { token_policies: "app", ...settings });
    const roleId = String((await vault.read(`auth/approle/role/${name}/role-id`))?.role_id);
    const { data } = await vault.write(`auth/approle/role/${name}/secret-id`);
    secrets[`${name}/id`] = (data as { readonly secret_id: string }).secret_id;
    return open({ auth: { appRole: { path: "approle", roleId, secretRef: { name, key: "id" } } } }, surroundings);
  }

  const read = (client: SecretsClient) => client.getSecret({ key: "app" }, limit());

  /** What Vault knows about the tokens of logins by an AppRole. */
  async function tokensOf(name: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const accessors = await vault.list("auth/token/accessors");
    const found = await Promise.all(
      accessors.map(async (accessor) => (await vault.write("auth/token/lookup-accessor", { accessor })).data),
    );
    return (found as Readonly<Record<string, unknown>>[]).filter(
      ({ meta }) => (meta as { readonly role_name?: string } | null)?.role_name === name,
    );
  }

  it("renews the one token of a store after two thirds of its lease, and forgets it when the store is closed", async () => {
    const clock = new FakeClock(Date.now());
    const client = await openAppRole("renewed", { token_ttl: "1h" }, { clock });
    await Promise.all([read(client), read(client), read(client)]);
    const [before, ...others] = await tokensOf("renewed");
    assert.equal(others.length, 0);
    assert.equal(before?.last_renewal, undefined);
    await clock.advance(41 * 60_000);
    await read(client);
    const [renewed, ...more] = await tokensOf("renewed");
    assert.equal(more.length, 0);
    assert.ok(renewed?.last_renewal_time);
    await client.close();
    assert.deepEqual(await tokensOf("renewed"), []);
  });

  it("serves stores whose tokens are batch tokens, or good for a few uses only", async () => {
    const batch = await openAppRole("batch", { token_type: "batch", token_ttl: "1h" });
    const few = await openAppRole("few", { token_num_uses: 2, token_ttl: "1h" });
    for (let i = 0; i < 5; i++) {
      await read(batch);
      await read(few);
    }
    await Promise.all(Array.from({ length: 7 }, () => read(few)));
    await Promise.all([batch.close(), few.close()]);
  });

  it("names the capability and whose policy lacks it", async () => {
    const client = await openAppRole("denied", {});
    const error = await refusal(AccessDenied, client.getSecret({ key: "other" }, limit()));
    assert.match(error.describe(), /grant "read" on path "secret\/data\/other" in a policy of the AppRole/);
    await client.close();
  });

  it("says of a quota when to come again, where Vault is set up to say so", async () => {
    await vault.write("sys/quotas/config", { enable_rate_limit_response_headers: true });
    await vault.write("sys/quotas/rate-limit/slow", { path: "secret/data/app", rate: 1, interval: "30s" });
    const client = await open({}, { clock: systemClock });
    await vault.request({ path: "secret/data/app" });
    const error = await refusal(Transient, read(client));
    assert.ok(error.retryAfterMs !== undefined && error.retryAfterMs > 0 && error.retryAfterMs <= 30_000);
    await vault.delete("sys/quotas/rate-limit/slow");
    assert.equal(decode(await read(client)), '{"v":"1"}');
    await client.close();
  });

  it("takes pushes into a mount that demands check-and-set where the store asks for it", async () => {
    await vault.write("sys/mounts/guarded", { type: "kv", options: { version: "2" } });
    await vault.write("guarded/config", { cas_required: true });
    const remoteKey = "app";
    const plain = await open({ path: "guarded" });
    const error = await refusal(InvalidConfiguration, plain.pushSecret({ remoteKey }, encode({ v: 1 }), limit()));
    assert.match(error.describe(), /checkAndSet\.required/);
    const checking = await open({ path: "guarded", checkAndSet: { required: true } });
    for (const v of [1, 2]) await checking.pushSecret({ remoteKey }, encode({ v }), limit());
    assert.equal(decode(await checking.getSecret({ key: remoteKey, property: "v" }, limit())), "2");
    await checking.pushSecret({ remoteKey, property: "w" }, new TextEncoder().encode("3"), limit());
    await checking.deleteSecret({ remoteKey, property: "w" }, limit());
    assert.equal(decode(await checking.getSecret({ key: remoteKey }, limit())), '{"v":2}');
    await checking.deleteSecret({ remoteKey }, limit());
    assert.equal(await vault.read("guarded/metadata/app"), undefined, "no version and no metadata is left");
    for (const client of [plain, checking]) await client.close();
  });

  it("gives old versions while the latest is deleted, and none that is destroyed", async () => {
    for (const v of ["1", "2", "3"]) await vault.write("secret/data/versions", { data: { v } });
    await vault.delete("secret/data/versions");
    await vault.write("secret/destroy/versions", { versions: [1] });
    const client = await open();
    const version = async (number: string) =>
      decode(await client.getSecret({ key: "versions", property: "v", version: number }, limit()));
    assert.equal(await version("2"), "2");
    for (const gone of ["1", "3", "4"]) await refusal(SecretNotFound, version(gone));
    await refusal(SecretNotFound, client.getSecret({ key: "versions" }, limit()));
    assert.equal((await client.findSecrets({ nameRegexp: "^versions$" }, limit())).size, 0);
    await refusal(InvalidConfiguration, version("latest"));
    await client.close();
  });

  it("is searched through nested folders, below a path, with at most eight requests at once", async () => {
    const keys = Array.from({ length: 30 }, (_, i) => `tree/${i % 5}/${i % 3}/leaf-${i}`);
    for (const key of keys) await vault.write(`secret/data/${key}`, { data: { v: key } });
    const client = await open();
    const found = await client.findSecrets({ path: "tree", nameRegexp: "leaf" }, limit());
    assert.deepEqual([...found.keys()].sort(), [...keys].sort());
    const below = await client.findSecrets({ path: "tree/1/", nameRegexp: "." }, limit());
    assert.deepEqual([...below.keys()].sort(), keys.filter((key) => key.startsWith("tree/1/")).sort());
    await client.close();
  });

  it("is Transient while it is sealed", async () => {
    const client = await open();
    await read(client);
    await vault.write("sys/seal");
    assert.match((await refusal(Transient, read(client))).message, /sealed/);
    await client.close();
  });
});
