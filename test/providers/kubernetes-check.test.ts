/** What is refused of a `kubernetes` block without asking an API server. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubernetesProviderSpec } from "../../api/stores/kubernetes.ts";
import { kubernetesBackend } from "../../providers/kubernetes/index.ts";

const STORE = { kind: "SecretStore", name: "store", namespace: "team" } as const;
const TOKEN = { token: { bearerToken: { name: "user", key: "token" } } };
const GOOD: KubernetesProviderSpec = { server: { url: "https://api:6443" }, auth: TOKEN };

describe("a kubernetes block", () => {
  it("is fine with a server and one way to log in, with the default server, and with a kubeconfig", () => {
    for (const spec of [
      GOOD,
      { auth: TOKEN },
      { server: { url: "api:6443" }, auth: TOKEN },
      { authRef: { name: "k" } },
    ]) {
      assert.deepEqual(kubernetesBackend.check(spec, STORE), []);
    }
  });

  const cases: readonly (readonly [what: string, Partial<KubernetesProviderSpec>, RegExp])[] = [
    ["a server that is no URL", { server: { url: "ftp://x" } }, /server\.url: is no http or https URL/],
    ["auth without a method", { auth: {} }, /auth: no authentication method is set/],
    ["two methods", { auth: { ...TOKEN, serviceAccount: { name: "a" } } }, /token and serviceAccount are set/],
    ["auth beside authRef", { authRef: { name: "k" } }, /authRef and auth cannot both be set/],
    ["a reference without a name", { auth: { token: { bearerToken: { key: "k" } } } }, /bearerToken\.name: is not set/],
    [
      "another namespace",
      { auth: { serviceAccount: { name: "a", namespace: "other" } } },
      /serviceAccount\.namespace: namespace should/,
    ],
  ];
  for (const [what, spec, message] of cases) {
    it(`is refused for ${what}`, () =>
      assert.match(kubernetesBackend.check({ ...GOOD, ...spec }, STORE).join("\n"), message));
  }

  it("is refused without any auth, and with an authority beside a kubeconfig", () => {
    assert.match(kubernetesBackend.check({}, STORE).join(), /no authentication method/);
    const server = { caBundle: "eA==" };
    assert.match(kubernetesBackend.check({ server, authRef: { name: "k" } }, STORE).join(), /is not used with authRef/);
  });

  it("may name any namespace in a ClusterSecretStore", () => {
    const auth = { serviceAccount: { name: "a", namespace: "other" } };
    assert.deepEqual(kubernetesBackend.check({ ...GOOD, auth }, { kind: "ClusterSecretStore", name: "store" }), []);
  });
});
