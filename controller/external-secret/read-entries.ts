/** Step 3: reads all entries of an ExternalSecret from their stores. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import type { FetchedData } from "../../engine/entry-problems.ts";
import { fetchSecretData, type StoreRef } from "../../engine/fetch-secret-data.ts";
import type { TemplateEngine } from "../../engine/template-engine.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import type { StoreClients } from "../store-clients/store-clients.ts";
import { InvalidExternalSecret } from "./problems.ts";
import type { ResolvedStores } from "./resolve-store.ts";

export interface ReadEntriesParts {
  readonly clients: StoreClients;
  /** For rewrites by template. */
  readonly engine: TemplateEngine;
}

/**
 * Opens all stores first, so that a store that cannot be opened is told as that, not as a failure of each entry.
 * @param maxAgeMs how long ago an equal read may have begun for its result to serve; 0: it is read anew.
 * @throws SyncError of a store that cannot be opened; the signal's reason. What entries failed with is in the result.
 */
export async function readEntries(
  { clients, engine }: ReadEntriesParts,
  externalSecret: ExternalSecret,
  { stores }: ResolvedStores,
  maxAgeMs: number,
  signal: AbortSignal,
): Promise<FetchedData> {
  const namespace = externalSecret.metadata.namespace ?? "";
  const opened = new Map<string, SecretsClient>();
  for (const { ref, store } of stores) {
    opened.set(`${ref.kind}/${ref.name}`, await clients.open(store, namespace, signal, maxAgeMs));
  }
  const clientOf = async ({ kind, name }: StoreRef): Promise<SecretsClient> => {
    const client = opened.get(`${kind}/${name}`);
    if (client === undefined) throw new InvalidExternalSecret(`no ${kind} "${name}" is named`);
    return client;
  };
  return fetchSecretData(externalSecret.spec, { clientOf, engine }, signal);
}
