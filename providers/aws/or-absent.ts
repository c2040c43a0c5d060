/** Tells an absent secret from a failure. */
import { SecretNotFound } from "../errors.ts";

/**
 * The promise's value, or undefined where AWS itself says that there is no such secret.
 * @throws whatever else the promise ends with.
 */
export async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof SecretNotFound) return undefined;
    throw error;
  }
}
