/** AWS on loopback: what tests, the quickstart and the bench use. */

export {
  type AwsEmulator,
  type AwsEmulatorOptions,
  EXAMPLE_CREDENTIALS,
  type JsonWebKeySet,
  type RoleDefinition,
  type Session,
  startAwsEmulator,
  type UserCredentials,
  type WebIdentityTrust,
} from "./emulator/aws-emulator.ts";
export type { FaultControls, FaultGate, InjectedFault } from "./fault-gate.ts";
export { type AwsGateOptions, startAwsGate } from "./gate.ts";
export { type PythonEmulator, type PythonEmulatorOptions, startMiniStack, startMoto } from "./python-emulators.ts";
