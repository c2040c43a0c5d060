/** Opens the official client of Azure Key Vault, for comparison. */
import { ClientSecretCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { report } from "./probe.ts";

const credential = new ClientSecretCredential("tenant", "client", "secret");
await report(() => new SecretClient("https://example.vault.azure.net", credential));
