/** Steps 3 to 5: reads the backends, makes the Secret so, and says how it went. Never throws but for an abort. */
import type { Clock } from "../../api/clock.ts";
import { parseDurationMs } from "../../api/duration.ts";
import type { ExternalSecret } from "../../api/external-secret.ts";
import { validateExternalSecret } from "../../api/validate-external-secret.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";
import type { FetchedData } from "../../engine/entry-problems.ts";
import { fetchSecretData, type StoreRef } from "../../engine/fetch-secret-data.ts";
import { renderExternalSecret } from "../../engine/render-external-secret.ts";
import type { TemplateEngine } from "../../engine/template-engine.ts";
import { unsupportedFields } from "../../engine/unsupported-fields.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import type { StoreKey } from "../cache/store-key.ts";
import { errorFields } from "../describe-error.ts";
import type { Logger } from "../kube/contracts.ts";
import { limitTime } from "../kube/time-limit.ts";
import type { StoreClients } from "../store-clients/store-clients.ts";
import { type ApplySecretParts, applySecret } from "./apply-secret.ts";
import { type FailedStep, failedOutcome, type Outcome, retainedOutcome, syncedOutcome } from "./outcome.ts";
import { InvalidExternalSecret } from "./problems.ts";
import { type PruneOrphansParts, pruneOrphans } from "./prune-orphans.ts";
import type { ResolvedStores } from "./resolve-store.ts";
import { templateSources } from "./template-sources.ts";

export interface SyncParts extends ApplySecretParts, PruneOrphansParts {
  readonly caches: ApplySecretParts["caches"] & PruneOrphansParts["caches"];
  readonly clients: StoreClients;
  readonly clock: Clock;
  readonly engine: TemplateEngine;
  readonly logger: Logger;
  /** Hears of a store whose backend refused us. */
  readonly onAccessDenied: (store: StoreKey) => void;
}

export interface SyncResult {
  readonly outcome: Outcome;
  readonly changedSecret: boolean;
  /** The Secret that was written; unset where none was. */
  readonly boundTo?: string;
}

/** Limit of one attempt as a whole: longer than any sum of sound calls. */
const ATTEMPT_TIMEOUT_MS = 120_000;

/** @param isEdited as in `applySecret`. */
export async function sync(
  parts: SyncParts,
  externalSecret: ExternalSecret,
  stores: ResolvedStores,
  isEdited: boolean,
  signal: AbortSignal,
): Promise<SyncResult> {
  const limit = limitTime(parts.clock, ATTEMPT_TIMEOUT_MS, signal, () => new Transient("the refresh timed out"));
  let step: FailedStep = "validate";
  try {
    requireValid(externalSecret);
    step = "resolve";
    if (stores.problem !== undefined) throw stores.problem;
    step = "fetch";
    const { data, error } = await fetchData(parts, externalSecret, stores, limit.signal);
    if (error !== undefined) throw error;
    if (data.size === 0) return { outcome: retainedOutcome(), changedSecret: false };
    step = "apply";
    const sources = templateSources(parts.kube, externalSecret.metadata.namespace ?? "");
    const rendering = { engine: parts.engine, sources };
    const desired = await renderExternalSecret(externalSecret, data, rendering, limit.signal);
    const change = await applySecret(parts, externalSecret, desired, isEdited, limit.signal);
    step = "prune";
    await pruneOrphans(parts, externalSecret, targetNameOf(externalSecret), limit.signal);
    return { outcome: syncedOutcome(change), changedSecret: change !== "unchanged", boundTo: desired.name };
  } catch (error) {
    signal.throwIfAborted();
    tell(parts, externalSecret, stores, step, error);
    return { outcome: failedOutcome(step, error), changedSecret: false };
  } finally {
    limit.end();
  }
}

/** @throws InvalidExternalSecret with all that is wrong. */
function requireValid(externalSecret: ExternalSecret): void {
  const { refreshInterval } = externalSecret.spec;
  const isDuration = refreshInterval === undefined || parseDurationMs(refreshInterval) !== undefined;
  const problems = [
    ...validateExternalSecret(externalSecret),
    ...(isDuration
      ? []
      : [`spec.refreshInterval: ${JSON.stringify(refreshInterval)} is no duration; write one such as 1h30m or 15s`]),
    ...unsupportedFields(externalSecret.spec),
  ];
  if (problems.length > 0) throw new InvalidExternalSecret(problems.join("; "));
}

/** Opens all stores first, so that a store that cannot be opened is told as that, not as a failure of each entry. */
async function fetchData(
  { clients, engine }: SyncParts,
  externalSecret: ExternalSecret,
  { stores }: ResolvedStores,
  signal: AbortSignal,
): Promise<FetchedData> {
  const namespace = externalSecret.metadata.namespace ?? "";
  const opened = new Map<string, SecretsClient>();
  for (const { ref, store } of stores) {
    opened.set(`${ref.kind}/${ref.name}`, await clients.open(store, namespace, signal));
  }
  const clientOf = async ({ kind, name }: StoreRef): Promise<SecretsClient> => {
    const client = opened.get(`${kind}/${name}`);
    if (client === undefined) throw new InvalidExternalSecret(`no ${kind} "${name}" is named`);
    return client;
  };
  return fetchSecretData(externalSecret.spec, { clientOf, engine }, signal);
}

function tell(
  parts: SyncParts,
  { metadata }: ExternalSecret,
  { stores }: ResolvedStores,
  step: FailedStep,
  error: unknown,
): void {
  const externalSecret = `${metadata.namespace ?? ""}/${metadata.name}`;
  parts.logger.warn("refresh failed", { externalSecret, step, ...errorFields(error) });
  if (!(error instanceof AccessDenied)) return;
  for (const { store } of stores) parts.onAccessDenied(store.key);
}
