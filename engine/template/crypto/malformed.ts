/** Says what is wrong with a part of a certificate in crypto/x509's words. */
import { GoError } from "../go-value.ts";

/** Runs a reader; any `GoError` of it becomes one with this message. */
export function orMalformed<Result>(message: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`x509: ${message}`);
    throw error;
  }
}
