/** Whether a store can be used: its own fields, its credentials, and a question to the backend. */
import { CONDITION_MESSAGES, STORE_REASONS } from "../../api/reasons.ts";
import type { ProviderSpec } from "../../api/secret-store.ts";
import { validateSecretStore } from "../../api/validate-secret-store.ts";
import { AccessDenied, InvalidConfiguration, ReferentNamespaceMissing, Transient } from "../../providers/errors.ts";
import type { BoundBackend } from "../../providers/index.ts";
import { describeError } from "../describe-error.ts";
import type { OpenableStore, StoreClients } from "../store-clients/store-clients.ts";

/** What was found out about a store. */
export interface StoreVerdict {
  readonly status: "True" | "False";
  readonly reason: (typeof STORE_REASONS)[keyof typeof STORE_REASONS];
  readonly message: string;
  /** Unset where the provider is not known. */
  readonly capabilities?: string;
  /** When to ask again: as always, soon, or not before the store is edited. */
  readonly next: "interval" | "soon" | "edit";
  /** What the backend asked for by Retry-After, in milliseconds. */
  readonly retryAfterMs?: number;
}

export interface ValidateStoreParts {
  readonly clients: StoreClients;
  readonly bindBackend: (provider: ProviderSpec) => Promise<BoundBackend>;
}

const UNKNOWN_MESSAGE = "store can only be validated with the namespace of an ExternalSecret that uses it";

/** Never throws but for an abort. */
export async function validateStore(
  parts: ValidateStoreParts,
  store: OpenableStore,
  signal: AbortSignal,
): Promise<StoreVerdict> {
  const problems = validateSecretStore(store.object);
  if (problems.length > 0) return invalid(problems);
  let backend: BoundBackend;
  try {
    backend = await parts.bindBackend(store.object.spec.provider);
  } catch (error) {
    return invalid([`could not get store provider: ${describeError(error)}`]);
  }
  const { capabilities } = backend;
  const specProblems = backend.check(store.identity);
  if (specProblems.length > 0) return { ...invalid(specProblems), capabilities };
  return { ...(await probe(parts, store, signal)), capabilities };
}

/** Nothing changes until the store is edited. */
function invalid(problems: readonly string[]): StoreVerdict {
  return { status: "False", reason: STORE_REASONS.invalidStore, message: problems.join("; "), next: "edit" };
}

async function probe(parts: ValidateStoreParts, store: OpenableStore, signal: AbortSignal): Promise<StoreVerdict> {
  let step: "open" | "validate" = "open";
  try {
    await parts.clients.recheck(store.key, signal);
    const client = await parts.clients.open(store, undefined, signal);
    step = "validate";
    if ((await client.validate(signal)) === "Unknown") return unknown();
    return { status: "True", reason: STORE_REASONS.valid, message: CONDITION_MESSAGES.storeValid, next: "interval" };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ReferentNamespaceMissing) return unknown();
    // Credentials that were refused are read anew at the next attempt.
    if (error instanceof AccessDenied || error instanceof InvalidConfiguration) parts.clients.discard(store.key);
    return failed(step, error);
  }
}

function unknown(): StoreVerdict {
  return { status: "True", reason: STORE_REASONS.validationUnknown, message: UNKNOWN_MESSAGE, next: "interval" };
}

function failed(step: "open" | "validate", error: unknown): StoreVerdict {
  const retryAfterMs = error instanceof Transient ? error.retryAfterMs : undefined;
  return {
    status: "False",
    reason: step === "open" ? STORE_REASONS.invalidProvider : STORE_REASONS.validationFailed,
    message: `${step === "open" ? "unable to create client" : "unable to validate store"}: ${describeError(error)}`,
    next: "soon",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
