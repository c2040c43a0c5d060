/** What the vault backend sends, and what it makes of odd answers. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { InvalidConfiguration, SecretNotFound, Transient } from "../../providers/errors.ts";
import { failure, refusal } from "../contract/refusal.ts";
import type { Surroundings } from "../contract/store-context.ts";
import { kvAnswer, limit, type ScriptedVault, STATIC_TOKEN, startScriptedVault } from "./vault-surroundings.ts";

let vault: ScriptedVault | undefined;
const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("a request to Vault", () => {
  afterEach(async () => vault?.stop());

  it("carries token, namespace and the store's own headers; a login the namespace of the login", async () => {
    vault = await startScriptedVault(({ url }) =>
      url.endsWith("/login") ? { body: { auth: { client_token: "t", lease_duration: 60 } } } : kvAnswer({ v: "1" }),
    );
    const jwt = { path: "jwt", role: "r", secretRef: { name: "vault", key: "token" } };
    const spec = { namespace: "team", headers: { "X-Trace": "1" }, readYourWrites: true, forwardInconsistent: true };
    const client = await vault.open({ ...spec, auth: { namespace: "admin", jwt } });
    await client.getSecret({ key: "k", version: "3" }, limit());
    const [login, read] = vault.requests;
    assert.deepEqual(JSON.parse(login?.body ?? ""), { role: "r", jwt: STATIC_TOKEN });
    assert.equal(login?.headers["x-vault-namespace"], "admin");
    assert.equal(login?.headers["x-vault-token"], undefined);
    assert.equal(read?.url, "/v1/secret/data/k?version=3");
    assert.equal(read?.headers["x-vault-namespace"], "team");
    assert.equal(read?.headers["x-vault-token"], "t");
    assert.equal(read?.headers["x-trace"], "1");
    assert.equal(read?.headers["x-vault-inconsistent"], "forward-active-node");
  });

  it("hands on the state of the last write where reads must see it", async () => {
    vault = await startScriptedVault(() => ({ ...kvAnswer({ v: "1" }), headers: { "x-vault-index": "s1" } }));
    const client = await vault.open({ readYourWrites: true });
    await client.getSecret({ key: "k" }, limit());
    await client.getSecret({ key: "k" }, limit());
    assert.deepEqual(
      vault.requests.map(({ headers }) => headers["x-vault-index"]),
      [undefined, "s1"],
    );
  });

  it("goes without a token where the store has no auth", async () => {
    vault = await startScriptedVault(({ headers }) => kvAnswer({ v: headers["x-vault-token"] ?? "none" }));
    const client = await vault.open({ auth: undefined } as never);
    assert.equal(decode(await client.getSecret({ key: "k", property: "v" }, limit())), "none");
  });
});

describe("a login", () => {
  afterEach(async () => vault?.stop());

  async function loginOf(auth: NonNullable<VaultProviderSpec["auth"]>, surroundings: Surroundings = {}) {
    vault = await startScriptedVault(() => ({
      body: { auth: { client_token: "t", lease_duration: 0 }, data: { data: {} } },
    }));
    const client = await vault.open(
      { auth },
      { secrets: { "s/password": " p\n", "s/token": "jwt\n" }, ...surroundings },
    );
    await client.getSecret({ key: "k" }, limit());
    const [login] = vault.requests;
    await vault.stop();
    return [login?.url, JSON.parse(login?.body ?? "")];
  }

  it("by userPass and ldap sends the password as it is to the user's path", async () => {
    const secretRef = { name: "s", key: "password" };
    const userPass = await loginOf({ userPass: { path: "userpass", username: "bob", secretRef } });
    assert.deepEqual(userPass, ["/v1/auth/userpass/login/bob", { password: " p\n" }]);
    const ldap = await loginOf({ ldap: { path: "corp/ldap", username: "a b", secretRef } });
    assert.deepEqual(ldap, ["/v1/auth/corp/ldap/login/a%20b", { password: " p\n" }]);
  });

  it("by kubernetes takes a requested token, one in a Secret, or the pod's own", async () => {
    const kubernetes = { mountPath: "k8s", role: "r" };
    const issueToken = (name: string, audiences: readonly string[]) => `${name}:${audiences.join()}`;
    const serviceAccountRef = { name: "app", audiences: ["vault"] };
    const requested = await loginOf({ kubernetes: { ...kubernetes, serviceAccountRef } }, { issueToken });
    assert.deepEqual(requested, ["/v1/auth/k8s/login", { role: "r", jwt: "app:vault" }]);
    const stored = await loginOf({ kubernetes: { ...kubernetes, secretRef: { name: "s" } } });
    assert.deepEqual(stored[1], { role: "r", jwt: "jwt" });
    const folder = await mkdtemp(join(tmpdir(), "pod-token-"));
    const file = join(folder, "token");
    await writeFile(file, "pod\n");
    const own = await loginOf({ kubernetes }, { environment: { SERVICE_ACCOUNT_TOKEN_FILE: file } });
    assert.deepEqual(own[1], { role: "r", jwt: "pod" });
    await rm(folder, { recursive: true });
    await refusal(InvalidConfiguration, loginOf({ kubernetes }, { environment: { SERVICE_ACCOUNT_TOKEN_FILE: file } }));
  });

  it("by jwt asks for a service account's token, for the audience vault unless told otherwise", async () => {
    const issueToken = (name: string, audiences: readonly string[]) => `${name}:${audiences.join()}`;
    const kubernetesServiceAccountToken = { serviceAccountRef: { name: "app" } };
    const login = await loginOf({ jwt: { path: "jwt", role: " r ", kubernetesServiceAccountToken } }, { issueToken });
    assert.deepEqual(login, ["/v1/auth/jwt/login", { role: "r", jwt: "app:vault" }]);
  });

  it("by no method at all is refused when opened", async () => {
    assert.match((await refusal(InvalidConfiguration, loginOf({}))).describe(), /sets no authentication method/);
  });
});

describe("an answer of Vault", () => {
  afterEach(async () => vault?.stop());

  async function answered(status: number, body: unknown, headers: Record<string, string> = {}) {
    await vault?.stop();
    vault = await startScriptedVault(() => ({ status, body, headers }));
    return (await vault.open({ auth: undefined } as never)).getSecret({ key: "k" }, limit());
  }

  it("proves absence only by naming no error, or by a deleted version", async () => {
    const deleted = { data: { data: null, metadata: { deletion_time: "2025-01-01T00:00:00Z" } }, request_id: "r1" };
    await refusal(SecretNotFound, answered(404, { errors: [] }));
    const error = await refusal(SecretNotFound, answered(404, deleted));
    assert.match(error.describe(), /request r1/);
    await refusal(SecretNotFound, answered(200, { data: { data: null, metadata: {} } }));
    const missingMount = answered(404, { errors: ['no handler for route "nope/data/k"'] });
    assert.match((await refusal(InvalidConfiguration, missingMount)).describe(), /spec\.provider\.vault\.path/);
    await refusal(InvalidConfiguration, answered(404, { data: null, warnings: ["Invalid path for a versioned K/V"] }));
    for (const body of ["", "<html>", "[]", "null", {}, { data: {} }]) await failure(answered(404, body));
    for (const body of ["", "{}", { data: { data: [] } }]) await failure(answered(200, body));
  });

  it("of a standby, a sealed or a busy Vault is Transient", async () => {
    for (const status of [307, 412, 429, 472, 473, 500, 501, 502, 503])
      await refusal(Transient, answered(status, { errors: [] }));
    const error = await refusal(Transient, answered(503, "", { "retry-after": "7" }));
    assert.equal(error.retryAfterMs, 7_000);
  });

  it("that leads to another server is not followed", async (t) => {
    const elsewhere = await startScriptedVault(() => kvAnswer({ v: "1" }));
    t.after(() => elsewhere.stop());
    const error = await refusal(
      InvalidConfiguration,
      answered(307, "", { location: `${elsewhere.address}/v1/secret/data/k` }),
    );
    assert.match(error.describe(), /redirects to another host.*set spec\.provider\.vault\.server/);
    assert.equal(elsewhere.requests.length, 0);
  });

  it("of folders without end ends a search with what to do", async () => {
    const keys = Array.from({ length: 5_000 }, (_, index) => `${index}/`);
    vault = await startScriptedVault(() => ({ body: { data: { keys } } }));
    const client = await vault.open();
    const error = await refusal(InvalidConfiguration, client.findSecrets({ path: "x", nameRegexp: "y" }, limit()));
    assert.match(error.describe(), /more than 5000 folders below "x\/"; name a path with fewer/);
  });

  it("that another has written meanwhile makes a guarded push Transient", async () => {
    vault = await startScriptedVault(({ method, url }) => {
      if (method === "POST" && url === "/v1/secret/data/k") {
        return { status: 400, body: { errors: ["check-and-set parameter did not match the current version"] } };
      }
      const data = { current_version: 4, custom_metadata: { "managed-by": "external-secrets" } };
      return url === "/v1/secret/metadata/k" ? { body: { data } } : kvAnswer({ v: "old" });
    });
    const client = await vault.open({ checkAndSet: { required: true } });
    const push = client.pushSecret({ remoteKey: "k" }, new TextEncoder().encode('{"v":"new"}'), limit());
    assert.match((await refusal(Transient, push)).message, /was changed by another while it was written/);
    const written = vault.requests.find(({ method }) => method === "POST");
    assert.deepEqual(JSON.parse(written?.body ?? ""), { data: { v: "new" }, options: { cas: 4 } });
  });

  it("shows a mount of the other version in place of an absent secret", async () => {
    vault = await startScriptedVault(({ url }) =>
      url === "/v1/sys/internal/ui/mounts/secret"
        ? { body: { data: { type: "kv", options: { version: "1" } } } }
        : undefined,
    );
    const client = await vault.open();
    for (const attempt of [client.getSecret({ key: "k" }, limit()), client.findSecrets({ nameRegexp: "x" }, limit())]) {
      const error = await refusal(InvalidConfiguration, attempt);
      assert.match(error.describe(), /version v1, and the store says v2; set spec\.provider\.vault\.version to v1/);
    }
  });

  it("keeps the digits of numbers that Vault has kept", async () => {
    vault = await startScriptedVault(() => ({
      body: '{"data":{"data":{"n":1.50,"big":12345678901234567890,"a":{"z":1,"b":"<"}}}}',
    }));
    const client = await vault.open();
    const whole = '{"a":{"b":"\\u003c","z":1},"big":12345678901234567890,"n":1.50}';
    assert.equal(decode(await client.getSecret({ key: "k" }, limit())), whole);
    assert.equal(decode(await client.getSecret({ key: "k", property: "n" }, limit())), "1.50");
    const map = await client.getSecretMap({ key: "k" }, limit());
    assert.equal(decode(map.get("big")), "12345678901234567890");
    assert.equal(decode(map.get("n")), "1.5");
  });
});
