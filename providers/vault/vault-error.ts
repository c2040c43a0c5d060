/** Vault's answers that are no success, as our error classes: by status and by the answer's structure, never by its texts. */
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

/** What was asked of Vault, for messages. */
export interface VaultSubject {
  /** `secret "app/db"`, `the login by appRole`. */
  readonly name: string;
  /** The API path, as a policy names it. */
  readonly path: string;
  /** The capability that a policy has to grant; unset for a login. */
  readonly capability?: "read" | "list" | "create and update" | "update" | "delete";
  /** More about a login, to follow its path. */
  readonly hint?: string;
  readonly remoteKey?: string;
  /** The field that a user would change. */
  readonly field?: string;
}

/** The error that an answer with a status from 300 on means. `grantee`: whose policies decide, as in `role "app"`. */
export function vaultError(
  response: HttpResponse,
  subject: VaultSubject,
  { nowMs, grantee }: { readonly nowMs: number; readonly grantee: string },
): SyncError {
  const body = parseBody(response.body);
  const details = detailsOf(body, subject);
  const { status } = response;
  if (status === 401 || status === 403) return denied(subject, grantee, details);
  if (status === 404) return notThere(body, subject, details);
  if (isPassing(status)) {
    const retryAfterMs = parseRetryAfter(response.headers["retry-after"], nowMs);
    return new Transient(`Vault cannot serve ${subject.name} now: ${meaningOf(status)}`, {
      ...details,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (subject.capability === undefined) return denied(subject, grantee, details);
  return new InvalidConfiguration(`Vault refuses the request for ${subject.name} as invalid (HTTP ${status})`, {
    ...details,
    remedy: isWrite(subject)
      ? "check the value, and set spec.provider.vault.checkAndSet.required where the mount demands it"
      : "check the key, the version and spec.provider.vault.version",
  });
}

function isWrite({ capability }: VaultSubject): boolean {
  return capability !== "read" && capability !== "list";
}

/** 307: a standby that does not forward and names no leader. 412: a replica is behind. 472 and 473: a standby. */
function isPassing(status: number): boolean {
  return (
    status === 307 ||
    status === 408 ||
    status === 412 ||
    status === 429 ||
    status === 472 ||
    status === 473 ||
    status >= 500
  );
}

function meaningOf(status: number): string {
  if (status === 429) return "too many requests (HTTP 429)";
  if (status === 503) return "it is sealed or in maintenance (HTTP 503)";
  if (status === 307 || status === 472 || status === 473) return `it is a standby (HTTP ${status})`;
  if (status === 501) return "it is not initialized (HTTP 501)";
  return `HTTP ${status}`;
}

function denied(subject: VaultSubject, grantee: string, details: SyncErrorDetails): SyncError {
  if (subject.capability === undefined) {
    return new AccessDenied(`Vault refuses ${subject.name}`, {
      ...details,
      remedy: `check the credentials and the role at ${subject.path}${subject.hint ?? ""}`,
    });
  }
  return new AccessDenied(`Vault denies access to ${subject.name}`, {
    ...details,
    remedy: `grant "${subject.capability}" on path "${subject.path}" in a policy of ${grantee}`,
  });
}

/**
 * An absent secret is proven by an answer of Vault itself that names no error, or by the metadata of a deleted version.
 * A missing mount or the wrong version of the engine names one, and anything else (a proxy's 404) proves nothing.
 */
function notThere(body: VaultBody | undefined, subject: VaultSubject, details: SyncErrorDetails): SyncError {
  if (body?.errors?.length === 0 || body?.data?.metadata !== undefined) {
    return new SecretNotFound(`${subject.name} is not in Vault`, {
      ...details,
      remedy: `write it to path "${subject.path}", or correct the key`,
    });
  }
  if (body?.errors !== undefined || body?.warnings !== undefined) {
    return new InvalidConfiguration(`Vault serves no such path: "${subject.path}"`, {
      ...details,
      remedy: "correct spec.provider.vault.path (the mount) or spec.provider.vault.version",
    });
  }
  return new Transient("the answer (HTTP 404) is not Vault's", {
    ...details,
    remedy: "check that spec.provider.vault.server is the address of Vault itself",
  });
}

interface VaultBody {
  readonly errors?: readonly unknown[];
  readonly warnings?: unknown;
  readonly request_id?: string;
  readonly data?: { readonly metadata?: unknown } | null;
}

function parseBody(bytes: Uint8Array): VaultBody | undefined {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    // No JSON: not Vault's own answer. The text is not kept, it may be anything.
    return undefined;
  }
}

function detailsOf(body: VaultBody | undefined, { remoteKey, field }: VaultSubject): SyncErrorDetails {
  return {
    ...(remoteKey === undefined ? {} : { remoteKey }),
    ...(field === undefined ? {} : { field }),
    ...(typeof body?.request_id === "string" && body.request_id !== "" ? { requestId: body.request_id } : {}),
  };
}
