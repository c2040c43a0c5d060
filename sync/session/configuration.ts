/** How a provider is configured: the cluster, and what its resources take where they say nothing themselves. */
import { parseDurationMs } from "../../api/duration.ts";
import type { Credentials, Store } from "../resource/inputs.ts";

/** The configuration after it was read; all is optional. */
export interface SyncConfiguration {
  /** A path, or the text of a kubeconfig itself. Default: KUBECONFIG, then the pod's service account, then `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** A context of the kubeconfig. Default: its current one. */
  readonly context?: string;
  /** For SyncedSecrets that name none. Default: that of the context. */
  readonly namespace?: string;
  /** The store of SyncedSecrets that name none. */
  readonly store?: Store;
  /** For stores of the program, beside those of each SyncedSecret. */
  readonly credentials?: Credentials;
  /** Limit of one call to a backend or to the API server, in milliseconds. Default 30 s. */
  readonly requestTimeoutMs: number;
}

/** A wrong field of the configuration. */
export interface ConfigurationProblem {
  readonly field: string;
  readonly reason: string;
}

const DEFAULT_REQUEST_TIMEOUT_MS = 30_000;
/** Fields that hold objects; the engine hands them on as JSON text. */
const OBJECT_FIELDS = ["store", "credentials"] as const;
const TEXT_FIELDS = ["kubeconfig", "context", "namespace"] as const;

/** The fields of the configuration, as users write them. */
export const CONFIGURATION_FIELDS = [...TEXT_FIELDS, ...OBJECT_FIELDS, "requestTimeout"] as const;

/** Takes what a user gave: texts, objects, or JSON texts of objects. Problems name the field and never quote a value. */
export function readConfiguration(given: Readonly<Record<string, unknown>>): {
  readonly configuration: SyncConfiguration;
  readonly problems: readonly ConfigurationProblem[];
} {
  const problems: ConfigurationProblem[] = [];
  const read: Record<string, unknown> = {};
  for (const field of TEXT_FIELDS) {
    const value = given[field];
    if (typeof value === "string" && value !== "") read[field] = value;
    else if (isSet(value)) problems.push({ field, reason: "must be a text" });
  }
  for (const field of OBJECT_FIELDS) {
    if (!isSet(given[field])) continue;
    const value = objectOf(given[field]);
    if (value === undefined) problems.push({ field, reason: "must be an object, or its JSON text" });
    else read[field] = value;
  }
  const requestTimeoutMs = timeoutOf(given.requestTimeout);
  if (requestTimeoutMs === undefined) {
    problems.push({ field: "requestTimeout", reason: "must be a duration longer than 0, such as 30s" });
  }
  return { configuration: { ...read, requestTimeoutMs: requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS }, problems };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function timeoutOf(value: unknown): number | undefined {
  if (!isSet(value)) return DEFAULT_REQUEST_TIMEOUT_MS;
  const ms = typeof value === "string" ? parseDurationMs(value) : undefined;
  return ms !== undefined && ms > 0 ? ms : undefined;
}

function objectOf(value: unknown): object | undefined {
  const parsed = typeof value === "string" ? parsedOf(value) : value;
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
}

/** The parser's own message would quote the text. */
function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
