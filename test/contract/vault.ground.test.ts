/** The contract, for the backend `vault` against a real Vault. */
import { contractSuite } from "./suite.ts";
import { appRoleAccess, startVaultWorld, tokenAccess } from "./vault-world.ts";

contractSuite({
  name: "vault, KV version 2, static token",
  capabilities: { values: "jsonObjects", versions: true, tags: true, push: true, network: true },
  start: () => startVaultWorld({ version: "v2", mount: "team/kv", prepare: tokenAccess }),
});

contractSuite({
  name: "vault, KV version 1, AppRole",
  capabilities: { values: "jsonObjects", versions: false, tags: false, push: true, network: true },
  start: () => startVaultWorld({ version: "v1", mount: "kv1", prepare: appRoleAccess }),
});
