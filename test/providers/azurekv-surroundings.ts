/** A store of the backend `azurekv` against the emulator of Azure. */
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import { createAzureKvBackend } from "../../providers/azurekv/index.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import {
  type AzureEmulator,
  type AzureEmulatorOptions,
  EXAMPLE_APPLICATION,
  EXAMPLE_TENANT,
  startAzureEmulator,
} from "../ground/azure/index.ts";

export interface EmulatedAzure extends AzureEmulator {
  /** Default: the example application by its client secret. */
  open(spec?: Partial<AzureKvProviderSpec>, surroundings?: Surroundings): Promise<SecretsClient>;
  /** The same without these fields of the default. */
  openWithout(
    fields: readonly (keyof AzureKvProviderSpec)[],
    spec?: Partial<AzureKvProviderSpec>,
    surroundings?: Surroundings,
  ): Promise<SecretsClient>;
  /** Requests of which method and path match. */
  seen(pattern: RegExp): readonly string[];
}

/** By the Secret `azure`, of which `open` knows the values. */
export const SECRET_AUTH = {
  clientId: { name: "azure", key: "id" },
  clientSecret: { name: "azure", key: "secret" },
} as const;

export async function startEmulatedAzure(options: AzureEmulatorOptions = {}): Promise<EmulatedAzure> {
  const emulator = await startAzureEmulator(options);
  const openWithout: EmulatedAzure["openWithout"] = (fields, spec, surroundings = {}) => {
    const { secrets, ...others } = surroundings;
    const context = createStoreContext({
      ...others,
      secrets: {
        "azure/id": EXAMPLE_APPLICATION.clientId,
        "azure/secret": EXAMPLE_APPLICATION.secrets[0],
        ...secrets,
      },
    });
    const whole: AzureKvProviderSpec = {
      vaultUrl: emulator.endpoint,
      tenantId: EXAMPLE_TENANT,
      authSecretRef: SECRET_AUTH,
      customCloudConfig: { activeDirectoryEndpoint: emulator.endpoint, keyVaultEndpoint: emulator.resource },
    };
    const kept = Object.entries(whole).filter(([field]) => !fields.some((left) => left === field));
    const changed = { ...Object.fromEntries(kept), ...spec } as AzureKvProviderSpec;
    return createAzureKvBackend({ random: () => 0.5 }).open(changed, context, limit());
  };
  return {
    ...emulator,
    openWithout,
    open: (spec, surroundings) => openWithout([], spec, surroundings),
    seen: (pattern) => emulator.requests.filter((line) => pattern.test(line)),
  };
}

/** Ends a test that hangs. */
export function limit(): AbortSignal {
  return AbortSignal.timeout(10_000);
}

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
