/** Reads of current values: those that are asked for at the same time travel together. */
import type { Clock } from "../../api/clock.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound, Transient } from "../errors.ts";
import { awsCallError } from "./aws-call.ts";
import { BatchAllowance } from "./batch-allowance.ts";
import { payloadBytes, readValue } from "./read-secret.ts";
import { MAX_BATCH_IDS, type SecretsManagerApi } from "./secrets-manager-api.ts";
import { allAborted, SharedRead } from "./shared-read.ts";

/** How long a read waits for others that could travel with it, in milliseconds. */
export const GATHERING_MS = 2;

type BatchAnswer = NonNullable<Awaited<ReturnType<SecretsManagerApi["batchGet"]>>>;

/**
 * Reads AWSCURRENT values. Reads that begin within `GATHERING_MS` of each other are one call for each twenty secrets; a secret
 * that several ask for is read once, and one that is alone is read by GetSecretValue, as all are where AWS refuses batches. No
 * value is kept.
 */
export class CurrentValues {
  readonly #api: SecretsManagerApi;
  readonly #clock: Clock;
  readonly #allowance: BatchAllowance;
  #gathering: Map<string, SharedRead> | undefined;

  constructor(api: SecretsManagerApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
    this.#allowance = new BatchAllowance(clock);
  }

  /**
   * The bytes of a secret's current value. `key`: name or ARN, with the store's prefix. Who aborts does not disturb others.
   * @throws as `readValue`.
   */
  async read(key: string, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    const gathering = this.#gathering ?? this.#gather();
    const shared = gathering.get(key) ?? new SharedRead(key);
    gathering.set(key, shared);
    return shared.wait(signal);
  }

  #gather(): Map<string, SharedRead> {
    const gathering = new Map<string, SharedRead>();
    this.#gathering = gathering;
    const send = () => {
      this.#gathering = undefined;
      this.#send([...gathering.values()].filter(({ signal }) => !signal.aborted));
    };
    void this.#clock.sleep(GATHERING_MS).then(send, send);
    return gathering;
  }

  #send(reads: readonly SharedRead[]): void {
    for (let start = 0; start < reads.length; start += MAX_BATCH_IDS) {
      const batch = reads.slice(start, start + MAX_BATCH_IDS);
      if (batch.length > 1 && this.#allowance.take()) void this.#readTogether(batch);
      else this.#readAlone(batch);
    }
  }

  #readAlone(reads: readonly SharedRead[]): void {
    for (const read of reads) read.settle(readValue(this.#api, read.key, undefined, read.signal));
  }

  /** Settles every read; never rejects. */
  async #readTogether(reads: readonly SharedRead[]): Promise<void> {
    try {
      const keys = reads.map(({ key }) => key);
      const answer = await this.#api.batchGet(keys, allAborted(reads.map(({ signal }) => signal)));
      if (answer === undefined) this.#allowance.withdraw();
      // What the answer does not settle is read alone: either it works, or it says properly why not.
      this.#readAlone(answer === undefined ? reads : reads.filter((read) => !settleBy(answer, read)));
    } catch (error) {
      // One bad name has the whole batch refused; alone it harms no other.
      if (error instanceof InvalidConfiguration) this.#readAlone(reads);
      else for (const read of reads) read.settle(Promise.reject(errorOf(error, read.key)));
    }
  }
}

/** Settles a read by its part of the answer. False where there is none, or one that only a read alone can explain. */
function settleBy(answer: BatchAnswer, read: SharedRead): boolean {
  const value = answer.SecretValues?.find((entry) => isNamed(read.key, entry.Name, entry.ARN));
  if (value?.SecretString !== undefined || value?.SecretBinary !== undefined) {
    read.settle(Promise.resolve(payloadBytes(read.key, value)));
    return true;
  }
  const failure = answer.Errors?.find(({ SecretId }) => SecretId === read.key);
  if (failure?.ErrorCode === undefined) return false;
  const subject = { service: "secretsmanager", action: "GetSecretValue", remoteKey: read.key } as const;
  const error = awsCallError({ name: failure.ErrorCode, $metadata: answer.$metadata }, subject);
  if (!(error instanceof SecretNotFound || error instanceof AccessDenied)) return false;
  read.settle(Promise.reject(error));
  return true;
}

/** An ARN may be asked for without the hyphen and six characters that AWS ends it with. */
function isNamed(key: string, name: string | undefined, arn: string | undefined): boolean {
  if (key === name || key === arn) return true;
  return arn !== undefined && /^-[A-Za-z0-9]{6}$/.test(arn.slice(key.length)) && arn.startsWith(key);
}

/** The error of a whole batch for one of its keys; one that names its own field is not about a key. */
function errorOf(error: unknown, remoteKey: string): unknown {
  if (error instanceof Transient && error.details.field === undefined) {
    const { retryAfterMs } = error;
    const details = { ...error.details, remoteKey, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    return new Transient(`"${remoteKey}" was not read: ${error.message}`, details);
  }
  if (error instanceof AccessDenied && error.details.field === undefined) {
    return new AccessDenied(`"${remoteKey}" was not read: ${error.message}`, { ...error.details, remoteKey });
  }
  return error;
}
