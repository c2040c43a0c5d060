/** One call to AWS: its time limit, its few retries, and its error in our words. */
import type { Clock } from "../../api/clock.ts";
import {
  AccessDenied,
  InvalidConfiguration,
  SecretNotFound,
  SyncError,
  type SyncErrorDetails,
  Transient,
} from "../errors.ts";
import { isCertificateCode } from "../network-errors.ts";
import { type ObserveCall, observed } from "../observed-call.ts";
import { type RetryPolicy, withRetries } from "../retry.ts";
import { untilAborted } from "../until-aborted.ts";
import { type AwsErrorFacts, classifyAwsError } from "./error-classes.ts";

/** What all calls of one client share. */
export interface CallLimits {
  readonly clock: Clock;
  /** From 0 up to 1; spreads the retries. */
  readonly random: () => number;
  /** Limit of one attempt, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly retry: RetryPolicy;
  readonly observeCall?: ObserveCall;
}

/** The services that are called, as IAM names them. */
export type AwsService = "secretsmanager" | "ssm" | "acm" | "sts";

const SERVICE_TITLES: Readonly<Record<AwsService, string>> = {
  secretsmanager: "AWS Secrets Manager",
  ssm: "AWS Parameter Store",
  acm: "AWS Certificate Manager",
  sts: "AWS STS",
};

/** As metrics name them, as ESO does. */
const PROVIDERS: Readonly<Record<AwsService, string>> = {
  secretsmanager: "AWS/SecretsManager",
  ssm: "AWS/ParameterStore",
  acm: "AWS/CertificateManager",
  sts: "AWS/STS",
};

/** Calls that metrics have under another name, for ESO's sake. */
const CALLS: Readonly<Record<string, string>> = { DescribeParameters: "DescribeParameter" };

/** What a call is about, for its error. */
export interface CallSubject {
  /** The prefix of IAM's action. */
  readonly service: AwsService;
  /** `GetSecretValue`. */
  readonly action: string;
  /** The secret that is asked for, prefix included. */
  readonly remoteKey?: string;
  /** What is asked for, where it is no secret: a role's ARN. */
  readonly resource?: string;
  /** The field of the store that the call comes from. */
  readonly field?: string;
  /** Overrides the remedy of a refused call. */
  readonly accessRemedy?: string;
}

/**
 * Runs a call: each attempt within the time limit, repeated a few times where AWS throttles, fails, or cannot be reached.
 * @throws SyncError by the answer's code; the signal's reason when it aborts.
 */
export function callAws<T>(
  limits: CallLimits,
  subject: CallSubject,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withRetries(() => attempt(limits, subject, signal, send), limits.retry, limits, signal);
}

/** One attempt of `callAws`, for what repeats by itself. */
export async function attempt<T>(
  limits: CallLimits,
  subject: CallSubject,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
  isFirst = true,
): Promise<T> {
  signal.throwIfAborted();
  try {
    const { service, action } = subject;
    const name = { provider: PROVIDERS[service], call: CALLS[action] ?? action };
    return await observed(limits.observeCall, name, () => withinLimit(limits, signal, send));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SyncError) throw error;
    const facts = classifyAwsError(error);
    // The client has learnt from the answer how far our clock is off: the same call is right now.
    if (isFirst && facts.clockCorrected) return attempt(limits, subject, signal, send, false);
    throw translate(facts, subject);
  }
}

/** The client library's own timers end before the answer's body is read; this one covers all of it. */
async function withinLimit<T>(
  limits: CallLimits,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const cancelTimer = limits.clock.after(limits.requestTimeoutMs, () => {
    limit.abort(new DOMException("The request took too long.", "TimeoutError"));
  });
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    return await untilAborted(send(either), either);
  } finally {
    cancelTimer();
  }
}

/** The error of a call by what the client library threw, or by the like of it: a code and metadata. */
export function awsCallError(error: unknown, subject: CallSubject): SyncError {
  return translate(classifyAwsError(error), subject);
}

function translate(facts: AwsErrorFacts, subject: CallSubject): SyncError {
  const target = subject.remoteKey ?? subject.resource;
  if (isCertificateCode(facts.code)) {
    return new InvalidConfiguration(
      `the certificate of ${SERVICE_TITLES[subject.service]} is not trusted: ${facts.code}`,
      {
        field: subject.field ?? "spec.provider.aws",
        remedy: "have the controller trust its authority: name the PEM file in NODE_EXTRA_CA_CERTS",
      },
    );
  }
  const what = `AWS ${subject.action}${target === undefined ? "" : ` of "${target}"`}`;
  const details: SyncErrorDetails = {
    ...(subject.remoteKey === undefined ? {} : { remoteKey: subject.remoteKey }),
    ...(subject.field === undefined ? {} : { field: subject.field }),
    ...(facts.requestId === undefined ? {} : { requestId: facts.requestId }),
  };
  switch (facts.class) {
    case "NotFound":
      return new SecretNotFound(
        `secret "${target ?? ""}" is not in ${SERVICE_TITLES[subject.service]} (${facts.code})`,
        details,
      );
    case "AccessDenied":
      return new AccessDenied(`${what} was refused (${facts.code})`, {
        ...details,
        remedy: tokenRemedy(facts.code, subject) ?? subject.accessRemedy ?? accessRemedy(facts.code, subject),
      });
    case "Transient":
      return new Transient(`${what} failed for now (${facts.timedOut ? "timeout" : facts.code})`, {
        ...details,
        ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
      });
    case "Invalid":
      return new InvalidConfiguration(`${what} was rejected as invalid (${facts.code})`, {
        ...details,
        remedy: "correct the key and the version of the reference, and the fields of spec.provider.aws",
      });
  }
}

/** A service account's token that AWS does not take says nothing about the role's trust policy. */
function tokenRemedy(code: string, { action }: CallSubject): string | undefined {
  if (action !== "AssumeRoleWithWebIdentity") return undefined;
  if (code === "ExpiredToken")
    return "AWS holds the service account's token for ended: set the clocks of the cluster right";
  if (code !== "InvalidIdentityToken") return undefined;
  return "have an IAM OIDC provider with the cluster's issuer and keys, which lists the token's audience (sts.amazonaws.com, the annotation eks.amazonaws.com/audience, serviceAccountRef.audiences)";
}

const WRONG_CREDENTIALS: ReadonlySet<string> = new Set([
  "InvalidClientTokenId",
  "InvalidSignature",
  "SignatureDoesNotMatch",
  "UnrecognizedClient",
]);

function accessRemedy(code: string, subject: CallSubject): string {
  if (WRONG_CREDENTIALS.has(code)) return "correct the access keys that spec.provider.aws.auth refers to";
  if (code === "ExpiredToken") return "renew the temporary credentials that spec.provider.aws.auth refers to";
  if (code === "DecryptionFailure") return "allow the store's identity kms:Decrypt on the secret's key";
  if (code === "EncryptionFailure") return "allow the store's identity kms:GenerateDataKey on the secret's key";
  const target = subject.remoteKey ?? subject.resource;
  const on = target === undefined ? "" : ` on "${target}"`;
  return `allow the store's identity ${subject.service}:${subject.action}${on}`;
}
