/** What the cases of `e2e_common` ask of a backend that they run on. */
import { isRecord } from "../conformance-file.ts";
import type { CaseObject } from "./case-objects.ts";
import type { GroundCluster } from "./ground-cluster.ts";

/** A secret of a backend, as a case writes it. */
export interface ProviderSecret {
  readonly key: string;
  readonly value: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a case's `dataFrom[].find` uses. */
export type FindKind = "name" | "path" | "tags";

/** One backend, running. */
export interface E2eBackend {
  readonly name: string;
  /** Environment of the controller that reaches it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Why the backend cannot hold these secrets, or find as the case asks; undefined where it can. */
  unsuitedTo(secrets: readonly ProviderSecret[], finds: readonly FindKind[]): string | undefined;
  /** How a whole value is given back. Default: as it was put. */
  givenBack?(value: string): string;
  /** Puts the secrets, and creates the store of the case, named as its namespace. */
  arrange(cluster: GroundCluster, namespace: string, secrets: readonly ProviderSecret[]): Promise<void>;
  remove(cluster: GroundCluster, namespace: string, keys: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The store of a case. */
export function storeOf(namespace: string, provider: unknown): CaseObject {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { namespace, name: namespace },
    spec: { provider },
  };
}

/** A Secret with the credentials of a store. */
export function credentialsOf(namespace: string, stringData: Readonly<Record<string, string>>): CaseObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name: "credentials" }, stringData };
}

/** The value as a JSON object; undefined where it is none. */
export function jsonObjectOf(value: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    // Not JSON: the case is for other backends.
    return undefined;
  }
}

/** How a backend that holds objects gives a whole one back: without spaces, its keys in order. */
export function sortedJson(value: string): string {
  const entries = Object.entries(jsonObjectOf(value) ?? {});
  return JSON.stringify(Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1))));
}
