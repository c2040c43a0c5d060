/** Azure on loopback: what tests use. */
export {
  type AzureEmulator,
  type AzureEmulatorOptions,
  type AzureFailure,
  startAzureEmulator,
} from "./azure-emulator.ts";
export { type Application, EXAMPLE_APPLICATION, EXAMPLE_TENANT, type Federation, type Identity } from "./directory.ts";
export type { JsonWebKeySet } from "./json-web-token.ts";
