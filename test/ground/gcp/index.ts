/** Google Cloud on loopback: what tests and the bench use. */

export type { JsonWebKeySet } from "../azure/json-web-token.ts";
export {
  accountOf,
  type GoogleEmulator,
  type GoogleEmulatorOptions,
  googleEnvironment,
  PROJECT,
  PROJECT_NUMBER,
  startGoogleEmulator,
} from "./google-emulator.ts";
export type { Machine } from "./metadata.ts";
export type { KeyFile } from "./principals.ts";
export type { IdentityProvider } from "./security-token-service.ts";
export type { Cluster } from "./token-endpoints.ts";
