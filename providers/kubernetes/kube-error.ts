/** The API server's answers that are no success, as our error classes. Its texts may echo what was sent: none is kept. */
import {
  AccessDenied,
  InvalidConfiguration,
  SecretNotFound,
  type SyncError,
  type SyncErrorDetails,
  Transient,
} from "../errors.ts";
import type { HttpResponse } from "../http-client.ts";
import { parseRetryAfter } from "../retry.ts";

/** What was asked, in the words of RBAC. */
export interface KubeSubject {
  readonly verb: "get" | "list" | "create" | "update" | "delete";
  /** `secrets`, `namespaces`, `selfsubjectrulesreviews`. */
  readonly resource: string;
  /** The API group; empty for the core. */
  readonly group: string;
  /** Unset for what lies in no namespace. */
  readonly namespace?: string;
  readonly name?: string;
}

/** Who asked, for remedies. */
export interface KubeCaller {
  /** `service account "reader"`, `the user of spec.provider.kubernetes.auth.cert`. */
  readonly identity: string;
  /** The field that holds the credentials. */
  readonly field: string;
  /** The field that holds the server's address. */
  readonly serverField: string;
}

const NAMESPACE_FIELD = "spec.provider.kubernetes.remoteNamespace";

/** The error that an answer with a status from 300 on means. */
export function kubeError(response: HttpResponse, subject: KubeSubject, caller: KubeCaller, nowMs: number): SyncError {
  const { status } = response;
  const body = statusIn(response.body);
  const details = remoteKeyOf(subject);
  if (status === 401) return notAccepted(caller, details);
  if (status === 403) return denied(subject, caller, details);
  if (status === 404) return notThere(body, subject, caller, details);
  if (status === 409) return changedMeanwhile(subject, details);
  if (status === 408 || status === 429 || status >= 500) {
    const retryAfterMs = waitOf(response, body, nowMs);
    const meaning = status === 429 ? "too many requests (HTTP 429)" : `HTTP ${status}`;
    return new Transient(`the API server cannot ${subject.verb} ${nameOf(subject)} now: ${meaning}`, {
      ...details,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  return invalid(status, body, subject, details);
}

/** The error of an answer that is a success by its status, and is not of the API server. */
export function notKubernetes(subject: KubeSubject, { serverField }: KubeCaller): Transient {
  return new Transient(`the answer for ${nameOf(subject)} is not that of a Kubernetes API server`, {
    ...remoteKeyOf(subject),
    remedy: `check that ${serverField} is the address of the API server itself`,
  });
}

/** `secrets "db" in namespace "team"`. */
export function nameOf({ resource, name, namespace }: KubeSubject): string {
  const named = name === undefined ? resource : `${resource} "${name}"`;
  return namespace === undefined ? named : `${named} in namespace "${namespace}"`;
}

/** What to grant, and to whom. */
export function grantOf({ verb, resource, group, namespace }: KubeSubject, { identity }: KubeCaller): string {
  const of = group === "" ? "" : ` of the API group "${group}"`;
  const where = namespace === undefined ? "" : ` in namespace "${namespace}"`;
  return `grant ${identity} the verb "${verb}" on the resource "${resource}"${of}${where}`;
}

function notAccepted({ field }: KubeCaller, details: SyncErrorDetails): AccessDenied {
  return new AccessDenied(`the API server does not accept the credentials of ${field} (HTTP 401)`, {
    ...details,
    field,
    remedy: "give valid credentials of that cluster, and the audiences that its API server takes",
  });
}

function denied(subject: KubeSubject, caller: KubeCaller, details: SyncErrorDetails): AccessDenied {
  return new AccessDenied(`the API server denies ${caller.identity} to ${subject.verb} ${nameOf(subject)}`, {
    ...details,
    remedy: grantOf(subject, caller),
  });
}

function changedMeanwhile(subject: KubeSubject, details: SyncErrorDetails): Transient {
  return new Transient(`${nameOf(subject)} was changed by another at the same time`, details);
}

/** Only a `Status` that names this very Secret proves that it is absent; a proxy's 404 proves nothing. */
function notThere(
  body: KubeStatus | undefined,
  subject: KubeSubject,
  caller: KubeCaller,
  details: SyncErrorDetails,
): SyncError {
  const { kind, name } = body?.details ?? {};
  const isNotFound = body?.reason === "NotFound";
  if (isNotFound && kind === "secrets" && subject.resource === "secrets" && name === subject.name) {
    if (subject.verb === "update") return changedMeanwhile(subject, details);
    return new SecretNotFound(`secret "${subject.name}" is not in namespace "${subject.namespace}"`, {
      ...details,
      remedy: "create it, or correct the key",
    });
  }
  if (isNotFound && kind === "namespaces") return namespaceMissing(subject.namespace ?? subject.name ?? "");
  if (isNotFound) {
    return new InvalidConfiguration(`the API server serves no ${subject.resource}`, {
      ...details,
      field: caller.serverField,
      remedy: `check that ${caller.serverField} is the address of a Kubernetes API server`,
    });
  }
  return notKubernetes(subject, caller);
}

/** The namespace is not there, so nothing is known about its Secrets. */
function namespaceMissing(namespace: string): InvalidConfiguration {
  return new InvalidConfiguration(`there is no namespace "${namespace}" in the cluster`, {
    field: NAMESPACE_FIELD,
    remedy: `correct ${NAMESPACE_FIELD}, or create the namespace`,
  });
}

function invalid(
  status: number,
  body: KubeStatus | undefined,
  subject: KubeSubject,
  details: SyncErrorDetails,
): InvalidConfiguration {
  const fields = (body?.details?.causes ?? []).flatMap(({ field }) => (typeof field === "string" ? [field] : []));
  const where = fields.length === 0 ? "" : `: ${[...new Set(fields)].join(", ")}`;
  return new InvalidConfiguration(
    `the API server refuses to ${subject.verb} ${nameOf(subject)} (HTTP ${status})${where}`,
    {
      ...details,
      remedy: fields.includes("data")
        ? "check the keys and the size of the data, and that the Secret is not immutable"
        : "check the key, the properties, the labels and the annotations",
    },
  );
}

interface KubeStatus {
  readonly reason?: unknown;
  readonly details?: {
    readonly name?: unknown;
    readonly kind?: unknown;
    readonly retryAfterSeconds?: unknown;
    readonly causes?: readonly { readonly field?: unknown }[];
  };
}

function statusIn(bytes: Uint8Array): KubeStatus | undefined {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isStatus = typeof body === "object" && body !== null && "kind" in body && body.kind === "Status";
    return isStatus ? (body as KubeStatus) : undefined;
  } catch {
    // No JSON: not the API server's own answer. The text is not kept, it may be anything.
    return undefined;
  }
}

function waitOf({ headers }: HttpResponse, body: KubeStatus | undefined, nowMs: number): number | undefined {
  const asked = parseRetryAfter(headers["retry-after"], nowMs);
  const seconds = body?.details?.retryAfterSeconds;
  return asked ?? (typeof seconds === "number" && seconds > 0 ? seconds * 1_000 : undefined);
}

function remoteKeyOf({ resource, name }: KubeSubject): SyncErrorDetails {
  return resource === "secrets" && name !== undefined ? { remoteKey: name } : {};
}
