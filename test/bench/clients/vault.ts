/** Opens a store of the backend `vault`, which speaks REST. */
import { vaultBackend } from "../../../providers/vault/index.ts";
import { reportBackend } from "./probe.ts";

await reportBackend(vaultBackend, {
  server: "https://vault.example.com",
  auth: { tokenSecretRef: { name: "vault", key: "token" } },
});
