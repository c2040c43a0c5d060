/** `check`: fills in what a program left out, and says what is wrong before anything is asked or written. */
import type { ZodError } from "zod";
import { externalSecretSpecSchema } from "../../api/external-secret.ts";
import { secretStoreSpecSchema } from "../../api/secret-store.ts";
import { validateExternalSecret } from "../../api/validate-external-secret.ts";
import { validateSecretStore } from "../../api/validate-secret-store.ts";
import { unsupportedFields } from "../../engine/unsupported-fields.ts";
import { SyncError } from "../../providers/errors.ts";
import { bindBackend } from "../../providers/index.ts";
import type { SyncSession } from "../session/session.ts";
import { inlineIdentity } from "../session/stores.ts";
import { type InlineStore, idOf, isStoreReference, type PartialInputs, type Store } from "./inputs.ts";

/** A wrong input. */
export interface CheckFailure {
  /** Path of the input: `spec.data`. */
  readonly property: string;
  readonly reason: string;
}

/** What a program wrote, and what is known of the resource. */
export interface CheckRequest {
  /** Parts that are not known yet are left out, and their paths stand in `unknown`. */
  readonly inputs: PartialInputs;
  readonly old: PartialInputs | undefined;
  /** The resource's name in the program. */
  readonly name: string;
  /** Whether a part is not known before an `up`. */
  readonly hasUnknowns: boolean;
}

/** Where the Secret goes: `metadata.name` is the resource's name, `metadata.namespace` that of the provider, unless they are set. */
export interface CheckedPlace {
  readonly name: string;
  readonly namespace: string;
}

/** @throws InvalidConfiguration where no namespace is named and no cluster is configured. */
export async function placeOf(session: SyncSession, { inputs, old, name }: CheckRequest): Promise<CheckedPlace> {
  const place = {
    name: inputs.metadata?.name ?? name,
    // A namespace that was chosen once stays: the context may be another one today.
    namespace: inputs.metadata?.namespace ?? old?.metadata?.namespace ?? (await session.defaultNamespace()),
  };
  session.named.add(idOf(place));
  return place;
}

/** All that is wrong with what is known. */
export async function checkInputs(session: SyncSession, request: CheckRequest): Promise<readonly CheckFailure[]> {
  const { inputs, hasUnknowns } = request;
  // A part that is missing may be the unknown one.
  if (hasUnknowns) return [];
  const { spec, store } = inputs;
  if (spec === undefined)
    return [{ property: "spec", reason: "is missing; name what to read in spec.data or spec.dataFrom" }];
  const failures = specFailures(inputs);
  if (failures.length > 0) return failures;
  const used = session.storeOf(store, spec.secretStoreRef !== undefined);
  if (used === undefined && spec.secretStoreRef === undefined && needsStore(inputs)) {
    const reason = "no store is named; set store, spec.secretStoreRef, or the store of the provider";
    return [{ property: "store", reason }];
  }
  return used === undefined ? [] : failuresOnce(session, used);
}

function failuresOnce({ storeFailures: known }: SyncSession, store: Store): Promise<readonly CheckFailure[]> {
  const failures = known.get(store) ?? storeFailures(store);
  known.set(store, failures);
  return failures;
}

function specFailures({ spec }: PartialInputs): readonly CheckFailure[] {
  const parsed = externalSecretSpecSchema.safeParse(spec);
  if (!parsed.success) return zodFailures(parsed.error, "spec");
  const lines = [
    ...validateExternalSecret(spec === undefined ? {} : { spec }),
    ...(spec === undefined ? [] : unsupportedFields(spec, { genericTargets: true })),
    ...(spec?.target?.manifest === undefined
      ? []
      : ["spec.target.manifest: a SyncedSecret writes Secrets only; leave it out"]),
  ];
  return lines.map((reason) => ({ property: "spec", reason }));
}

/** Whether any entry reads from the default store. */
function needsStore({ spec }: PartialInputs): boolean {
  return [...(spec?.data ?? []), ...(spec?.dataFrom ?? [])].some(({ sourceRef }) => sourceRef?.storeRef === undefined);
}

/** What is wrong with a store, without asking it. */
export async function storeFailures(store: Store): Promise<readonly CheckFailure[]> {
  if (isStoreReference(store)) {
    return store.storeRef?.name ? [] : [{ property: "store.storeRef.name", reason: "is missing; name the store" }];
  }
  const spec = { provider: store.provider, ...(store.retrySettings && { retrySettings: store.retrySettings }) };
  const parsed = secretStoreSpecSchema.safeParse(spec);
  if (!parsed.success) return zodFailures(parsed.error, "store");
  const lines = validateSecretStore({ spec });
  if (lines.length > 0) return lines.map((reason) => ({ property: "store", reason }));
  return backendFailures(store);
}

async function backendFailures(store: InlineStore): Promise<readonly CheckFailure[]> {
  try {
    const backend = await bindBackend(store.provider);
    return backend.check(inlineIdentity(store)).map((reason) => ({ property: "store", reason }));
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return [{ property: "store", reason: error.describe() }];
  }
}

function zodFailures({ issues }: ZodError, root: string): readonly CheckFailure[] {
  return issues.map(({ path, message }) => ({
    property: path.reduce<string>(
      (at, part) => (typeof part === "number" ? `${at}[${part}]` : `${at}.${String(part)}`),
      root,
    ),
    reason: message,
  }));
}
