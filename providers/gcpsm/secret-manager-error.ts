/** Secret Manager's refusals as our error classes: by status, code and reason. */
import {
  AccessDenied,
  InvalidConfiguration,
  SecretNotFound,
  type SyncError,
  type SyncErrorDetails,
  Transient,
} from "../errors.ts";
import type { GoogleFailure } from "./google-failure.ts";

/** What was asked of Secret Manager. */
export interface SecretManagerSubject {
  /** `secret "x"`, `version 3 of secret "x"`, `the list of secrets`. */
  readonly name: string;
  /** As IAM names it: `projects/p/secrets/x`. */
  readonly resource: string;
  readonly permission: string;
  readonly remoteKey?: string;
}

/** A version that is there and cannot be read: disabled, destroyed, or encrypted with a key that is out of use. */
export class VersionUnusable extends InvalidConfiguration {}

/** Google lets us in, but IAM does not permit this very action. */
export class PermissionMissing extends AccessDenied {}

/** The credentials themselves are refused (401). */
export class CredentialsRefused extends AccessDenied {}

const BLOCK = "spec.provider.gcpsm";
const WRITES = /\.(?:create|update|delete|add)$/;

/** The error of an answer from 300 on that is no passing one. `identityField`: where the credentials come from. */
export function secretManagerError(
  subject: SecretManagerSubject,
  identityField: string,
  failure: GoogleFailure,
  details: SyncErrorDetails,
): SyncError {
  const { status, code } = failure;
  // A proxy's page proves nothing; that of a refusal is one all the same.
  if (status === 401) return credentialsRefused(subject, identityField, details);
  if (status === 403) return denied(subject, failure, details);
  if (code === undefined) return notGoogles(failure, details);
  if (code === "NOT_FOUND") return notFound(subject, failure, details);
  const isWrite = WRITES.test(subject.permission);
  if (code === "ABORTED" || (isWrite && (code === "FAILED_PRECONDITION" || code === "ALREADY_EXISTS"))) {
    return new Transient(`${subject.name} was changed by another while we wrote it (${code})`, details);
  }
  if (code === "FAILED_PRECONDITION") {
    return new VersionUnusable(`${subject.name} is disabled, destroyed, or its encryption key is out of use`, {
      ...details,
      remedy: `add a version or enable one, or set ${BLOCK}.secretVersionSelectionPolicy to LatestOrFetch`,
    });
  }
  return new InvalidConfiguration(
    `Google Secret Manager refuses the request for ${subject.name} as invalid (${code})`,
    {
      ...details,
      remedy: isWrite
        ? "check the value's size (64 KiB at most) and the metadata of the push"
        : `check the key, the version and ${BLOCK}`,
    },
  );
}

function credentialsRefused({ name }: SecretManagerSubject, field: string, details: SyncErrorDetails): SyncError {
  return new CredentialsRefused(`Google Secret Manager does not accept the store's credentials for ${name}`, {
    ...details,
    field,
    remedy: `check the credentials of ${field}`,
  });
}

/** Google answers 403 also where it does not want to tell whether the secret is there. */
function denied(subject: SecretManagerSubject, failure: GoogleFailure, details: SyncErrorDetails): SyncError {
  const { reason, code } = failure;
  const { name, permission, resource } = subject;
  if (reason === "SERVICE_DISABLED") {
    return new AccessDenied(`the API of Google Secret Manager is not enabled for ${name}`, {
      ...details,
      field: `${BLOCK}.projectID`,
      remedy: "enable it: gcloud services enable secretmanager.googleapis.com",
    });
  }
  if (reason !== undefined && reason !== "IAM_PERMISSION_DENIED") {
    return new AccessDenied(`Google denies access to ${name} (${reason})`, {
      ...details,
      field: `${BLOCK}.projectID`,
      remedy: `check that ${BLOCK}.projectID names a project in use, and grant ${permission} on ${resource}`,
    });
  }
  const Denied = code === undefined ? AccessDenied : PermissionMissing;
  return new Denied(`Google Secret Manager denies access to ${name}`, {
    ...details,
    remedy: `grant ${permission} on ${resource}${roleWith(permission)}`,
  });
}

function roleWith(permission: string): string {
  if (permission === "secretmanager.versions.access") return " (roles/secretmanager.secretAccessor)";
  return WRITES.test(permission) ? " (roles/secretmanager.admin)" : " (roles/secretmanager.viewer)";
}

/** A missing project or location is none of a missing secret: only an answer about something below `secrets/` is. */
function notFound(subject: SecretManagerSubject, failure: GoogleFailure, details: SyncErrorDetails): SyncError {
  const isAboutOther = failure.reason !== undefined && failure.reason !== "RESOURCE_NOT_FOUND";
  if (subject.remoteKey !== undefined && failure.namesSecret && !isAboutOther) {
    return new SecretNotFound(`${subject.name} is not in Google Secret Manager`, {
      ...details,
      remedy: `create ${subject.resource} with a version, or correct the key`,
    });
  }
  return new InvalidConfiguration(
    `Google Secret Manager knows no place ${subject.resource.replace(/\/secrets\/.*/, "")}`,
    {
      ...details,
      field: `${BLOCK}.projectID`,
      remedy: `correct ${BLOCK}.projectID and ${BLOCK}.location`,
    },
  );
}

function notGoogles({ status }: GoogleFailure, details: SyncErrorDetails): SyncError {
  return new Transient(`the answer (HTTP ${status}) is not that of Google Secret Manager`, {
    ...details,
    remedy: "check that no proxy answers in its place",
  });
}
