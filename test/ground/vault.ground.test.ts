import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import test, { type TestContext } from "node:test";
import { startVault, type Vault, type VaultOptions } from "./vault.ts";

async function vault(t: TestContext, options: VaultOptions = {}): Promise<Vault> {
  const started = await startVault(options);
  t.after(() => started.stop());
  return started;
}

test("a Vault takes secrets as soon as it has started", async (t) => {
  const { read, write, list, delete: remove } = await vault(t);
  await write("secret/data/app/database", { data: { username: "db_user" } });
  const stored = await read("secret/data/app/database");
  assert.deepEqual(stored?.data, { username: "db_user" });
  assert.deepEqual(await list("secret/metadata/app"), ["database"]);
  await remove("secret/metadata/app/database");
  assert.equal(await read("secret/data/app/database"), undefined);
  assert.deepEqual(await list("secret/metadata/app"), []);
});

test("several Vaults at once know nothing of each other", async (t) => {
  const [one, two] = await Promise.all([vault(t), vault(t)]);
  await one.write("secret/data/a", { data: { a: "1" } });
  assert.equal(await two.read("secret/data/a"), undefined);
});

test("a refusal is an error with Vault's own message, or an answer where it is asked for", async (t) => {
  const { write, request } = await vault(t);
  await assert.rejects(write("no/such/mount"), /Vault answers 404 to POST no\/such\/mount: no handler/);
  assert.equal((await request({ path: "secret/data/a", token: "wrong" })).status, 403);
});

test("over TLS, clients must trust its own authority", async (t) => {
  const secured = await vault(t, { tls: true });
  assert.match(secured.address, /^https:/);
  await secured.write("secret/data/a", { data: { a: "1" } });
  await assert.rejects(fetch(`${secured.address}/v1/sys/health`), TypeError);
});

test("the auth methods kubernetes and ldap can be enabled", async (t) => {
  const { write, read } = await vault(t, { plugins: true });
  for (const type of ["kubernetes", "ldap"]) await write(`sys/auth/${type}`, { type });
  const methods = await read("sys/auth");
  assert.ok(methods?.["kubernetes/"]);
  assert.ok(methods?.["ldap/"]);
});

test("a killed Vault refuses connections; a stopped one leaves no folder", async (t) => {
  const { kill, stop, request, folder } = await vault(t);
  await kill();
  await assert.rejects(request({ path: "sys/health" }), { code: "ECONNREFUSED" });
  await stop();
  await assert.rejects(access(folder), { code: "ENOENT" });
});
