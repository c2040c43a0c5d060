/** What is refused of a `vault` block without asking Vault. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { vaultBackend } from "../../providers/vault/index.ts";

const STORE = { kind: "SecretStore", name: "store", namespace: "team" } as const;
const REF = { name: "s", key: "k" };
const GOOD: VaultProviderSpec = { server: "https://vault:8200", auth: { tokenSecretRef: REF } };

describe("a vault block", () => {
  it("is fine with a server and one way to log in, or none", () => {
    assert.deepEqual(vaultBackend.check(GOOD, STORE), []);
    assert.deepEqual(vaultBackend.check({ server: "http://agent:8100" }, STORE), []);
  });

  const cases: readonly (readonly [what: string, Partial<VaultProviderSpec>, RegExp])[] = [
    ["a server that is no URL", { server: "vault:8200" }, /vault\.server: no http or https URL/],
    ["auth without a method", { auth: {} }, /vault\.auth: no authentication method/],
    ["appRole without a role id", { auth: { appRole: { path: "a", secretRef: REF } } }, /neither roleId nor roleRef/],
    ["jwt without a token", { auth: { jwt: { path: "j" } } }, /neither secretRef nor kubernetesServiceAccountToken/],
    [
      "userPass without a password",
      { auth: { userPass: { path: "u", username: "u" } } },
      /userPass\.secretRef: is not set/,
    ],
    ["cert without a key", { auth: { cert: { clientCert: REF } } }, /clientCert and secretRef are needed/],
    [
      "iam with a region that would lead to another host",
      { auth: { iam: { vaultRole: "r", region: "x.example.com/" } } },
      /auth\.iam\.region: no AWS region/,
    ],
    [
      "gcp with a secretRef that names no Secret",
      { auth: { gcp: { role: "r", secretRef: {} } } },
      /auth\.gcp\.secretRef\.secretAccessKeySecretRef: is not set/,
    ],
    [
      "a ServiceAccount of another namespace",
      {
        auth: { gcp: { role: "r", workloadIdentity: { serviceAccountRef: { name: "app", namespace: "other" } } } },
      },
      /gcp\.workloadIdentity\.serviceAccountRef\.namespace: namespace should/,
    ],
    ["half a client certificate", { tls: { certSecretRef: REF } }, /vault\.tls: certSecretRef and keySecretRef/],
    ["checkAndSet with version 1", { version: "v1", checkAndSet: { required: true } }, /checkAndSet is not supported/],
    [
      "another namespace",
      { auth: { tokenSecretRef: { ...REF, namespace: "other" } } },
      /tokenSecretRef\.namespace: namespace should/,
    ],
  ];
  for (const [what, spec, message] of cases) {
    it(`is refused for ${what}`, () =>
      assert.match(vaultBackend.check({ ...GOOD, ...spec }, STORE).join("\n"), message));
  }

  it("may name any namespace in a ClusterSecretStore", () => {
    const auth = { tokenSecretRef: { ...REF, namespace: "other" } };
    assert.deepEqual(vaultBackend.check({ ...GOOD, auth }, { kind: "ClusterSecretStore", name: "store" }), []);
  });
});
