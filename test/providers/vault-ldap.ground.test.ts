/** A real Vault that asks a directory: logins by LDAP. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AccessDenied } from "../../providers/errors.ts";
import { vaultBackend } from "../../providers/vault/index.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext } from "../contract/store-context.ts";
import { startVault, type Vault } from "../ground/index.ts";
import { type LdapServer, startLdapServer } from "../ground/ldap/ldap-server.ts";

const PEOPLE = "ou=people,dc=example,dc=org";
const GROUPS = "ou=groups,dc=example,dc=org";
const BINDER = { dn: "cn=vault,dc=example,dc=org", password: "binder-password" };
const PASSWORD = "c4n4ry-ldap pässword";
const limit = () => AbortSignal.timeout(20_000);

describe("a login to Vault by LDAP", { timeout: 60_000 }, () => {
  let directory: LdapServer;
  let vault: Vault;

  before(async () => {
    directory = await startLdapServer([
      { ...BINDER, attributes: { cn: ["vault"] } },
      { dn: `uid=bob,${PEOPLE}`, password: PASSWORD, attributes: { uid: ["bob"], cn: ["Bob"] } },
      { dn: `uid=eve,${PEOPLE}`, password: PASSWORD, attributes: { uid: ["eve"], cn: ["Eve"] } },
      { dn: `cn=readers,${GROUPS}`, attributes: { cn: ["readers"], member: [`uid=bob,${PEOPLE}`] } },
    ]);
    vault = await startVault({ plugins: true });
    await vault.write("secret/data/app", { data: { v: "1" } });
    await vault.write("sys/policies/acl/read", { policy: 'path "secret/data/*" { capabilities = ["read"] }' });
    await vault.write("sys/auth/corp", { type: "ldap" });
    await vault.write("auth/corp/config", {
      url: directory.url,
      binddn: BINDER.dn,
      bindpass: BINDER.password,
      userdn: PEOPLE,
      userattr: "uid",
      groupdn: GROUPS,
      groupattr: "cn",
    });
    await vault.write("auth/corp/groups/readers", { policies: "read" });
  });
  after(async () => {
    await vault?.stop();
    await directory?.stop();
  });

  async function open(username: string, password = PASSWORD) {
    const ldap = { path: "corp", username, secretRef: { name: "ldap", key: "password" } };
    const context = createStoreContext({ secrets: { "ldap/password": password } });
    return vaultBackend.open({ server: vault.address, path: "secret", auth: { ldap } }, context, limit());
  }

  it("is proven to the directory with the password as it is, and gives the policies of the user's groups", async () => {
    const client = await open("bob");
    assert.equal(await client.validate(limit()), "Ready");
    const value = await client.getSecret({ key: "app", property: "v" }, limit());
    assert.equal(new TextDecoder().decode(value), "1");
    assert.ok(directory.binds.includes(`uid=bob,${PEOPLE}`));
    await client.close();
  });

  it("is refused for a wrong password and an unknown user, without showing the password", async () => {
    for (const [username, password] of [
      ["bob", "c4n4ry-wrong"],
      ["mallory", PASSWORD],
    ] as const) {
      const client = await open(username, password);
      const error = await refusal(AccessDenied, client.getSecret({ key: "app" }, limit()));
      assert.equal(error.details.field, "spec.provider.vault.auth.ldap");
      assert.match(error.describe(), /auth\/corp\/login/);
      await client.close();
    }
  });

  it("lets in a user of no group, who may read nothing", async () => {
    const client = await open("eve");
    assert.equal(await client.validate(limit()), "Ready");
    const error = await refusal(AccessDenied, client.getSecret({ key: "app" }, limit()));
    assert.match(error.describe(), /"read" on path "secret\/data\/app"/);
    await client.close();
  });
});
