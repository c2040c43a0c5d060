/** The provider's own configuration, by its arguments or its environment variables, with the official defaults. */

import type { EngineLog } from "../engine-protocol.ts";
import type { Cluster } from "./cluster.ts";

export interface ProviderOptions {
  /** Take over fields that other managers own; without it a conflict is an error. */
  readonly patchForce: boolean;
  /** Let a create take over an object that exists. */
  readonly upsertExistingObjects: boolean;
  /** Change the data of a ConfigMap in place; without it the ConfigMap is replaced. */
  readonly configMapMutable: boolean;
  /** Change the data of a Secret in place; without it the Secret is replaced. */
  readonly secretMutable: boolean;
}

/** What each operation works with. */
export interface ProviderContext {
  readonly cluster: Cluster;
  readonly options: ProviderOptions;
  readonly log: EngineLog;
  /** Aborts when the engine cancels. */
  readonly signal: AbortSignal;
}

/** Reads the options; `variable` gives the configuration value of that name, or "". */
export function readProviderOptions(
  variable: (name: string) => string,
  environment: Readonly<Record<string, string | undefined>>,
): ProviderOptions {
  const isOn = (name: string, environmentName: string) =>
    (variable(name) || (environment[`PULUMI_K8S_${environmentName}`] ?? "")) === "true";
  const serverSideApply = variable("enableServerSideApply") || environment.PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY;
  if (serverSideApply === "false") throw unsupported("enableServerSideApply: false");
  if (variable("renderYamlToDirectory") !== "") throw unsupported("renderYamlToDirectory");
  return {
    patchForce: isOn("enablePatchForce", "ENABLE_PATCH_FORCE"),
    upsertExistingObjects: isOn("upsertExistingObjects", "UPSERT_EXISTING_OBJECTS"),
    configMapMutable: isOn("enableConfigMapMutable", "ENABLE_CONFIGMAP_MUTABLE"),
    secretMutable: isOn("enableSecretMutable", "ENABLE_SECRET_MUTABLE"),
  };
}

/** The error for what only the official provider can do. */
export function unsupported(feature: string): Error {
  return new Error(
    `${feature} is not part of the test stand-in for the Kubernetes provider: use the official provider`,
  );
}
