/** Key Vault's answers that are no success, as our error classes: by status and by its error codes, never by its texts. */
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
import type { ObjectKind } from "./object-key.ts";
import { parseObject } from "./token-answer.ts";

/** What was asked of the vault, for messages. */
export interface KeyVaultSubject {
  readonly kind: ObjectKind;
  /** Unset for a list. */
  readonly name?: string;
  readonly remoteKey?: string;
  /** As an access policy names it. */
  readonly permission: "get" | "list" | "set" | "import" | "delete" | "recover";
}

/** The name belongs to a deleted object that can still be recovered. */
export class NameTaken extends InvalidConfiguration {}

const VAULT_FIELD = "spec.provider.azurekv.vaultUrl";
const NOUNS = { secrets: "secret", certificates: "certificate", keys: "key" } as const;
const ABSENT = { secrets: "SecretNotFound", certificates: "CertificateNotFound", keys: "KeyNotFound" } as const;
/** The narrowest: of certificates and keys the public part is read alone, for which no role is needed that reads private keys or signs. */
const READER_ROLES = {
  secrets: "Key Vault Secrets User",
  certificates: "Key Vault Reader",
  keys: "Key Vault Reader",
} as const;
const OFFICER_ROLES = {
  secrets: "Key Vault Secrets Officer",
  certificates: "Key Vault Certificates Officer",
  keys: "Key Vault Crypto Officer",
} as const;
const NETWORK_CODES: ReadonlySet<string> = new Set(["ForbiddenByFirewall", "ForbiddenByConnection"]);
const PASSING_CONFLICTS: ReadonlySet<string> = new Set(["ObjectIsBeingDeleted", "ObjectIsBeingRecovered"]);

/** `secret "NAME"`, or `the list of secrets`. */
export function nameOf({ kind, name }: KeyVaultSubject): string {
  return name === undefined ? `the list of ${kind}` : `${NOUNS[kind]} "${name}"`;
}

/** The error that an answer with a status from 300 on means, 401 aside where another token may help. */
export function keyVaultError(response: HttpResponse, subject: KeyVaultSubject, nowMs: number): SyncError {
  const { status, headers } = response;
  const codes = codesIn(response.body);
  const details = detailsOf(response, subject);
  const what = nameOf(subject);
  if (status === 429 || status === 408 || status >= 500) {
    const retryAfterMs = parseRetryAfter(headers["retry-after"], nowMs);
    const reason = status === 429 ? "too many requests (HTTP 429)" : `HTTP ${status}`;
    return new Transient(`Azure Key Vault cannot serve ${what} now: ${reason}`, {
      ...details,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (codes === undefined) return notKeyVault(subject, status, details);
  if (status === 401) return tokenRefused(details);
  if (status === 403) return denied(subject, codes.inner, details);
  if (status === 404) return notThere(subject, codes, details);
  if (status === 409) return conflict(what, codes.inner, details);
  return new InvalidConfiguration(`Azure Key Vault refuses the request for ${what} (HTTP ${status}, ${codes.code})`, {
    ...details,
    remedy: "check the key, the version and the value",
  });
}

/** An answer that some other server must have given; it proves nothing. */
export function notKeyVault(subject: KeyVaultSubject, status: number, details: SyncErrorDetails = {}): Transient {
  return new Transient(`the answer for ${nameOf(subject)} (HTTP ${status}) is not that of Azure Key Vault`, {
    ...(subject.remoteKey === undefined ? {} : { remoteKey: subject.remoteKey }),
    ...details,
    remedy: `check that ${VAULT_FIELD} is the address of the vault itself`,
  });
}

function tokenRefused(details: SyncErrorDetails): AccessDenied {
  return new AccessDenied("Azure Key Vault does not accept the token", {
    ...details,
    field: "spec.provider.azurekv.tenantId",
    remedy: "set tenantId to the tenant that the vault belongs to, and environmentType to its Azure",
  });
}

function denied(subject: KeyVaultSubject, inner: string | undefined, details: SyncErrorDetails): AccessDenied {
  const { kind, permission } = subject;
  const what = nameOf(subject);
  if (inner !== undefined && NETWORK_CODES.has(inner)) {
    return new AccessDenied(`the firewall of the Azure Key Vault refuses the request for ${what} (${inner})`, {
      ...details,
      field: VAULT_FIELD,
      remedy: "let the cluster's network or its outgoing addresses through the vault's firewall",
    });
  }
  if (inner?.endsWith("Disabled")) {
    return new AccessDenied(`${what} is disabled in Azure Key Vault`, {
      ...details,
      remedy: "enable it, or name an enabled version in remoteRef.version",
    });
  }
  const isReading = permission === "get" || permission === "list";
  return new AccessDenied(`Azure Key Vault denies access to ${what}`, {
    ...details,
    remedy: `grant the identity the role "${(isReading ? READER_ROLES : OFFICER_ROLES)[kind]}" on the vault, or "${permission}" for ${kind} in its access policy`,
  });
}

/** Only the code for this kind of object proves that it is absent. */
function notThere(subject: KeyVaultSubject, { code }: ErrorCodes, details: SyncErrorDetails): SyncError {
  if (subject.name !== undefined && code === ABSENT[subject.kind]) {
    return new SecretNotFound(`${nameOf(subject)} is not in the Azure Key Vault`, {
      ...details,
      remedy: "create or recover it, or correct remoteRef.key and remoteRef.version",
    });
  }
  return new InvalidConfiguration(`the Azure Key Vault serves no such path (HTTP 404, ${code})`, {
    ...details,
    field: VAULT_FIELD,
    remedy: "correct it",
  });
}

function conflict(what: string, inner: string | undefined, details: SyncErrorDetails): SyncError {
  if (inner !== undefined && PASSING_CONFLICTS.has(inner)) {
    return new Transient(`${what} is being deleted or recovered in Azure Key Vault`, details);
  }
  return new NameTaken(`the name of ${what} belongs to a deleted object that Azure Key Vault still keeps`, {
    ...details,
    remedy: "recover or purge it, or choose another remoteKey",
  });
}

interface ErrorCodes {
  readonly code: string;
  readonly inner: string | undefined;
}

/** Undefined where the answer is not Key Vault's. */
function codesIn(body: Uint8Array): ErrorCodes | undefined {
  const error = objectOf(parseObject(body)?.error);
  const code = codeOf(error?.code);
  return code === undefined ? undefined : { code, inner: codeOf(objectOf(error?.innererror)?.code) };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** A bare word, so that nothing else of an answer can get into a message. */
function codeOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Za-z]{1,64}$/.test(value) ? value : undefined;
}

function detailsOf({ headers }: HttpResponse, { remoteKey }: KeyVaultSubject): SyncErrorDetails {
  const id = headers["x-ms-request-id"];
  return {
    ...(remoteKey === undefined ? {} : { remoteKey }),
    ...(typeof id === "string" && /^[\w.-]{1,100}$/.test(id) ? { requestId: id } : {}),
  };
}
