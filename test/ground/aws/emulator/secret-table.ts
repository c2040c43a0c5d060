/** The emulated secrets of one account and region: names, ARNs, versions, staging labels. */
import { randomBytes, randomUUID } from "node:crypto";
import { AwsFault } from "../aws-message.ts";

/** A value as the protocol carries it; binary is base64. */
export interface SecretPayload {
  readonly SecretString?: string;
  readonly SecretBinary?: string;
}

/** One version of a secret. */
export interface SecretVersion {
  readonly id: string;
  readonly payload: SecretPayload;
  readonly stages: Set<string>;
  readonly createdAtMs: number;
}

/** One secret. */
export interface StoredSecret {
  readonly arn: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly tags: Map<string, string>;
  readonly versions: Map<string, SecretVersion>;
  /** Region to the id of the key. */
  readonly replicas: Map<string, string>;
  description?: string;
  kmsKeyId?: string;
  policy?: string;
  changedAtMs: number;
  /** When a scheduled deletion takes effect. */
  deletedAtMs?: number;
}

/** AWS's limit. */
export const MAX_VALUE_BYTES = 65_536;
const MAX_UNLABELLED_VERSIONS = 100;
const NAME = /^[A-Za-z0-9/_+=.@!-]{1,512}$/;

/** The secrets of one account and region. */
export class SecretTable {
  readonly #secrets = new Map<string, StoredSecret>();
  readonly #arnPrefix: string;
  readonly #maxValueBytes: number;
  readonly now: () => number;

  constructor(account: string, region: string, now: () => number, maxValueBytes: number = MAX_VALUE_BYTES) {
    this.#arnPrefix = `arn:aws:secretsmanager:${region}:${account}:secret:`;
    this.#maxValueBytes = maxValueBytes;
    this.now = now;
  }

  /** All that are not gone for good. */
  all(): readonly StoredSecret[] {
    for (const secret of [...this.#secrets.values()]) {
      if (secret.deletedAtMs !== undefined && secret.deletedAtMs <= this.now()) this.#secrets.delete(secret.name);
    }
    return [...this.#secrets.values()];
  }

  /** By name, ARN, or ARN without the six random characters at the end. */
  find(id: string): StoredSecret | undefined {
    return this.all().find((secret) => id === secret.name || id === secret.arn || id === secret.arn.slice(0, -7));
  }

  /** @throws AwsFault ResourceNotFoundException. */
  require(id: string): StoredSecret {
    const secret = this.find(id);
    if (secret === undefined) throw missing("Secrets Manager can't find the specified secret.");
    return secret;
  }

  /** @throws AwsFault ResourceNotFoundException, or InvalidRequestException where it is scheduled for deletion. */
  requireActive(id: string): StoredSecret {
    const secret = this.require(id);
    if (secret.deletedAtMs !== undefined) {
      throw new AwsFault(
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    }
    return secret;
  }

  /** Every spelling of an id that a policy may name. */
  spellings(id: string): readonly string[] {
    const secret = this.find(id);
    return secret === undefined ? [`${this.#arnPrefix}${id}`] : [secret.name, secret.arn];
  }

  /** An empty secret. @throws AwsFault where the name is taken or malformed. */
  create(name: string): StoredSecret {
    if (!NAME.test(name)) {
      throw new AwsFault(
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
      );
    }
    const existing = this.find(name);
    if (existing?.deletedAtMs !== undefined) {
      throw new AwsFault(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    if (existing !== undefined) {
      throw new AwsFault("ResourceExistsException", `The operation failed because the secret ${name} already exists.`);
    }
    const secret: StoredSecret = {
      arn: `${this.#arnPrefix}${name}-${randomSuffix()}`,
      name,
      createdAtMs: this.now(),
      changedAtMs: this.now(),
      tags: new Map(),
      versions: new Map(),
      replicas: new Map(),
    };
    this.#secrets.set(name, secret);
    return secret;
  }

  /** Takes a secret away for good. */
  remove(secret: StoredSecret): void {
    this.#secrets.delete(secret.name);
  }

  /**
   * Adds a version; the same token with the same payload is no change.
   * @throws AwsFault ResourceExistsException where the token names a version with another payload.
   */
  addVersion(secret: StoredSecret, payload: SecretPayload, token?: string, stages?: readonly string[]): SecretVersion {
    checkPayload(payload, this.#maxValueBytes);
    if (token !== undefined && (token.length < 32 || token.length > 64)) {
      throw parameter("ClientRequestToken must be 32-64 characters long.");
    }
    const id = token ?? randomUUID();
    const existing = secret.versions.get(id);
    if (existing !== undefined && !samePayload(existing.payload, payload)) {
      throw new AwsFault(
        "ResourceExistsException",
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    const version = existing ?? { id, payload, stages: new Set<string>(), createdAtMs: this.now() };
    secret.versions.set(id, version);
    const hasCurrent = stageHolder(secret, "AWSCURRENT") !== undefined;
    for (const stage of stages ?? ["AWSCURRENT"]) moveStage(secret, stage, version);
    if (!hasCurrent) moveStage(secret, "AWSCURRENT", version);
    secret.changedAtMs = this.now();
    dropOldVersions(secret);
    return version;
  }
}

/** The version that carries a staging label. */
export function stageHolder(secret: StoredSecret, stage: string): SecretVersion | undefined {
  return [...secret.versions.values()].find((version) => version.stages.has(stage));
}

/** Moves a staging label; AWSCURRENT leaves AWSPREVIOUS where it was. */
export function moveStage(secret: StoredSecret, stage: string, to: SecretVersion): void {
  const from = stageHolder(secret, stage);
  if (from === to) return;
  from?.stages.delete(stage);
  to.stages.add(stage);
  if (stage === "AWSCURRENT" && from !== undefined) {
    stageHolder(secret, "AWSPREVIOUS")?.stages.delete("AWSPREVIOUS");
    from.stages.add("AWSPREVIOUS");
  }
}

/** Milliseconds as the protocol's seconds. */
export function epochSeconds(ms: number): number {
  return ms / 1000;
}

/** An InvalidParameterException. */
export function parameter(message: string): AwsFault {
  return new AwsFault("InvalidParameterException", message);
}

/** A ResourceNotFoundException. */
export function missing(message: string): AwsFault {
  return new AwsFault("ResourceNotFoundException", message);
}

function checkPayload(payload: SecretPayload, maxBytes: number): void {
  if (payload.SecretString !== undefined && payload.SecretBinary !== undefined) {
    throw parameter("You can't specify both a binary secret value and a string secret value in the same secret.");
  }
  const bytes =
    payload.SecretString === undefined
      ? Buffer.byteLength(payload.SecretBinary ?? "", "base64")
      : Buffer.byteLength(payload.SecretString);
  if (bytes > maxBytes) {
    throw new AwsFault(
      "ValidationException",
      `1 validation error detected: Member must have length less than or equal to ${maxBytes}`,
    );
  }
}

function samePayload(left: SecretPayload, right: SecretPayload): boolean {
  return left.SecretString === right.SecretString && left.SecretBinary === right.SecretBinary;
}

function dropOldVersions(secret: StoredSecret): void {
  const unlabelled = [...secret.versions.values()].filter((version) => version.stages.size === 0);
  for (const version of unlabelled.slice(0, -MAX_UNLABELLED_VERSIONS)) secret.versions.delete(version.id);
}

function randomSuffix(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return [...randomBytes(6)].map((byte) => letters[byte % letters.length]).join("");
}
