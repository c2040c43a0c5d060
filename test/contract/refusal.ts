/** Awaits an error of one of our classes, and looks all over it for what it must not hold. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { SyncError } from "../../providers/errors.ts";

/** Stands in every value that the suite puts into a backend. */
export const CANARY = "c4n4ry";

/** The error's class. */
type ErrorClass<E extends SyncError> = abstract new (...args: never[]) => E;

/**
 * The error with which the promise ends. It must be of the class, and neither it nor its causes may show the canary or one of
 * the `secrets`.
 */
export async function refusal<E extends SyncError>(
  expected: ErrorClass<E>,
  promise: Promise<unknown>,
  secrets: readonly string[] = [],
): Promise<E> {
  const error: unknown = await promise.then(
    () => assert.fail(`no error, where ${expected.name} was expected`),
    (reason: unknown) => reason,
  );
  assertDiscreet(error, secrets);
  assert.ok(error instanceof expected, `${inspect(error, { depth: 2 })} is no ${expected.name}`);
  return error;
}

/** Any of our errors but `SecretNotFound`: what a failure of the backend may be reported as. */
export async function failure(promise: Promise<unknown>, secrets: readonly string[] = []): Promise<SyncError> {
  const error = await refusal(SyncError, promise, secrets);
  assert.notEqual(error.reason, "SecretNotFound", "a failure must not look like an absent secret");
  return error;
}

function assertDiscreet(error: unknown, secrets: readonly string[]): void {
  const shown = [inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), String(error)];
  if (error instanceof SyncError) shown.push(error.describe());
  if (error instanceof Error) shown.push(String(error.stack));
  for (const secret of [CANARY, ...secrets]) {
    assert.ok(!shown.some((text) => text?.includes(secret)), "an error shows a secret value");
  }
}
