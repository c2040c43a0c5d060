/** The table of secret backends; each is loaded when a store of it is first used. */
import type { ProviderName, ProviderSpec } from "../api/provider-spec.ts";
import type { Backend, SecretsClient, StoreContext, StoreIdentity } from "./contract.ts";
import { InvalidConfiguration } from "./errors.ts";

/** The provider's block for a name of `spec.provider`. */
export type SpecOf<Name extends ProviderName> = NonNullable<ProviderSpec[Name]>;

/** Described by the CRDs, but without a backend as yet. */
type UnavailableProvider = never;

/** What a store's `spec.provider` may name and this version can serve. */
export type AvailableProvider = Exclude<ProviderName, UnavailableProvider>;

type Loaders = { readonly [Name in AvailableProvider]: () => Promise<Backend<SpecOf<Name>>> };

/** One line for each backend. A provider of the schema that stands neither here nor in `unavailable` does not compile. */
export const providers = {
  aws: async () => (await import("./aws/index.ts")).awsBackend,
  azurekv: async () => (await import("./azurekv/index.ts")).azureKvBackend,
  fake: async () => (await import("./fake/index.ts")).fakeBackend,
  gcpsm: async () => (await import("./gcpsm/index.ts")).gcpSmBackend,
  kubernetes: async () => (await import("./kubernetes/index.ts")).kubernetesBackend,
  vault: async () => (await import("./vault/index.ts")).vaultBackend,
  webhook: async () => (await import("./webhook/index.ts")).webhookBackend,
} satisfies Loaders;

const unavailable = {} satisfies Record<UnavailableProvider, true>;

/** Whether this version has a backend for the provider. */
export function isAvailable(name: string): name is AvailableProvider {
  return Object.hasOwn(providers, name);
}

/** The backend of that name; loaded on first use. */
export function openBackend<Name extends AvailableProvider>(name: Name): Promise<Backend<SpecOf<Name>>> {
  const loaders: Loaders = providers;
  return loaders[name]();
}

/** A backend that already has the store's block, so that callers need not know which one it is. */
export interface BoundBackend extends Pick<Backend<unknown>, "capabilities"> {
  readonly name: AvailableProvider;
  /** As `Backend.check`. */
  check(store: StoreIdentity): readonly string[];
  /** As `Backend.open`. */
  open(context: StoreContext, signal: AbortSignal): Promise<SecretsClient>;
}

/**
 * The backend that a store's `spec.provider` names, with its block.
 * @throws InvalidConfiguration where it does not name exactly one backend that this version has.
 */
export async function bindBackend(provider: ProviderSpec): Promise<BoundBackend> {
  const name = providerNameOf(provider);
  return bind(name, provider[name]);
}

async function bind<Name extends AvailableProvider>(name: Name, spec: ProviderSpec[Name]): Promise<BoundBackend> {
  if (spec === undefined) throw notExactlyOne([]);
  const backend = await openBackend(name);
  return {
    name,
    capabilities: backend.capabilities,
    check: (store) => backend.check(spec, store),
    open: (context, signal) => backend.open(spec, context, signal),
  };
}

/**
 * The field of `spec.provider` that is set.
 * @throws InvalidConfiguration where none or several are, or this version has no backend for it.
 */
export function providerNameOf(provider: ProviderSpec): AvailableProvider {
  const names = Object.entries(provider).flatMap(([name, block]) =>
    block === undefined || block === null ? [] : [name],
  );
  const [name] = names;
  if (name === undefined || names.length > 1) throw notExactlyOne(names);
  if (isAvailable(name)) return name;
  const known = Object.hasOwn(unavailable, name) ? "has no backend in this version yet" : "is no known provider";
  throw new InvalidConfiguration(`spec.provider.${name} ${known}`, {
    field: `spec.provider.${name}`,
    remedy: `use one of ${Object.keys(providers).join(", ")}`,
  });
}

function notExactlyOne(names: readonly string[]): InvalidConfiguration {
  const found = names.length === 0 ? "none" : names.join(", ");
  return new InvalidConfiguration(`spec.provider must name exactly one backend, found ${found}`, {
    field: "spec.provider",
    remedy: "set exactly one of its fields",
  });
}
