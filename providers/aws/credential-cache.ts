/** Credentials for AWS, kept until shortly before they end. */
import type { Clock } from "../../api/clock.ts";
import { Transient } from "../errors.ts";
import { untilAborted } from "../until-aborted.ts";

/** A key pair; temporary where it has a session token and an end. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they end; unset: never. */
  readonly expiration?: Date;
}

/** Where credentials come from. */
export type CredentialSource = (signal: AbortSignal) => Promise<AwsCredentials>;

/** Renewed this long before they end, so that no request is signed with what ends on its way. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** After a renewal that failed for now, the old ones serve this long before the next attempt. */
const RENEW_AGAIN_AFTER_MS = 30_000;

/** Credentials of one source; concurrent callers share one renewal. */
export class CredentialCache {
  readonly #clock: Clock;
  readonly #source: CredentialSource;
  #current: AwsCredentials | undefined;
  #renewal: Promise<AwsCredentials> | undefined;
  #renewNotBeforeMs = 0;

  constructor(clock: Clock, source: CredentialSource) {
    this.#clock = clock;
    this.#source = source;
  }

  /**
   * Valid credentials. While the old ones last, a renewal that fails for now is no error.
   * @throws what the source throws; the signal's reason when it aborts.
   */
  async get(signal: AbortSignal): Promise<AwsCredentials> {
    signal.throwIfAborted();
    const current = this.#current;
    if (current !== undefined && !this.#shouldRenew(current)) return current;
    try {
      return await untilAborted(this.#renew(), signal);
    } catch (error) {
      if (current === undefined || !(error instanceof Transient) || this.#millisecondsLeft(current) <= 0) throw error;
      this.#renewNotBeforeMs = this.#clock.now() + RENEW_AGAIN_AFTER_MS;
      return current;
    }
  }

  /** Forgets temporary credentials, so that the next caller gets new ones. False where there are none to forget. */
  forget(): boolean {
    if (this.#current?.expiration === undefined) return false;
    this.#current = undefined;
    return true;
  }

  /** Not bound to the signal of the caller that happens to be first: each attempt inside has its own time limit. */
  #renew(): Promise<AwsCredentials> {
    this.#renewal ??= this.#source(new AbortController().signal)
      .then((credentials) => {
        this.#current = credentials;
        return credentials;
      })
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  #shouldRenew(credentials: AwsCredentials): boolean {
    const left = this.#millisecondsLeft(credentials);
    if (left > RENEW_BEFORE_MS) return false;
    return left <= 0 || this.#clock.now() >= this.#renewNotBeforeMs;
  }

  #millisecondsLeft(credentials: AwsCredentials): number {
    if (credentials.expiration === undefined) return Number.POSITIVE_INFINITY;
    return credentials.expiration.getTime() - this.#clock.now();
  }
}
