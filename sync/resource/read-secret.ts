/** `readSecret`: one value of a backend, for use in a program. */
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { SyncSession } from "../session/session.ts";
import { type Credentials, isStoreReference, type Store } from "./inputs.ts";

/** What is to be read. */
export interface ReadSecretRequest {
  /** Default: the store of the provider's configuration. */
  readonly store?: Store;
  readonly credentials?: Credentials;
  /** Whose Secrets the store's references mean, and where a SecretStore is looked for. Default: that of the provider. */
  readonly namespace?: string;
  /** The key in the backend. */
  readonly key: string;
  /** A part of a value that is JSON. */
  readonly property?: string;
  /** In the backend's own notation. Default: the current one. */
  readonly version?: string;
}

/**
 * The value as text.
 * @throws SyncError; InvalidConfiguration where it is no UTF-8.
 */
export async function readSecretValue(
  session: SyncSession,
  { store, credentials, namespace, key, property, version }: ReadSecretRequest,
  signal: AbortSignal,
): Promise<string> {
  const used = session.storeOf(store, false);
  if (used === undefined) {
    throw new InvalidConfiguration("no store is named", {
      field: "store",
      remedy: "set store, or that of the provider",
    });
  }
  const all = session.credentialsOf(credentials);
  const use = {
    namespace: namespace ?? (await namespaceFor(session, used)),
    store: used,
    ...(all === undefined ? {} : { credentials: all }),
  };
  const client = await session.open(use, undefined, signal);
  const bytes = await client.getSecret(
    { key, ...(property === undefined ? {} : { property }), ...(version === undefined ? {} : { version }) },
    signal,
  );
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidConfiguration(`the value of ${JSON.stringify(key)} is no UTF-8 text`, {
      remoteKey: key,
      remedy: "write it into a Secret with a SyncedSecret, which takes any bytes",
    });
  }
}

/** A store of the program needs no cluster, unless it refers to Secrets. */
async function namespaceFor(session: SyncSession, store: Store): Promise<string> {
  try {
    return await session.defaultNamespace();
  } catch (error) {
    if (isStoreReference(store) || !(error instanceof InvalidConfiguration)) throw error;
    return "";
  }
}
