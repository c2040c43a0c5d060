/** Credentials for AWS, kept until shortly before they end. */
import type { Clock } from "../../api/clock.ts";
import { createRenewedValue, type RenewedValue } from "../renewed-value.ts";

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

/** Credentials of one source; concurrent callers share one renewal. */
export class CredentialCache {
  readonly #credentials: RenewedValue<AwsCredentials>;

  constructor(clock: Clock, source: CredentialSource) {
    this.#credentials = createRenewedValue(clock, source, ({ expiration }) => expiration?.getTime() ?? Infinity);
  }

  /**
   * Valid credentials. While the old ones last, a renewal that fails for now is no error.
   * @throws what the source throws; the signal's reason when it aborts.
   */
  get(signal: AbortSignal): Promise<AwsCredentials> {
    return this.#credentials.current(signal);
  }

  /** Forgets temporary credentials, so that the next caller gets new ones. False where there are none to forget. */
  forget(): boolean {
    if (this.#credentials.held?.value.expiration === undefined) return false;
    this.#credentials.forget();
    return true;
  }
}
