/** Opens a store of the backend `azurekv`, which speaks REST. */
import { azureKvBackend } from "../../../providers/azurekv/index.ts";
import { reportBackend } from "./probe.ts";

await reportBackend(azureKvBackend, {
  vaultUrl: "https://example.vault.azure.net",
  tenantId: "tenant",
  authSecretRef: { clientId: { name: "azure", key: "id" }, clientSecret: { name: "azure", key: "secret" } },
});
