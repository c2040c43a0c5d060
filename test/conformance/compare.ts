/** Compares what a case expects with what we give. */
import { isDeepStrictEqual } from "node:util";
import type { Comparison } from "./conformance-file.ts";

/** The two are the same, whatever the order of keys. */
export function sameValue(expected: unknown, got: unknown): Comparison {
  return { passed: isDeepStrictEqual(expected, got), expected, got };
}

/**
 * Runs what should give a value, or an error where the case expects one (a text, or null and undefined for none).
 * @param isPart whether the text need be only a part of ours; an empty one stands for any error
 */
export async function resultOrError(
  expected: { readonly value: unknown; readonly error: unknown; readonly isPart?: boolean },
  run: () => unknown,
): Promise<Comparison> {
  const isErrorExpected = typeof expected.error === "string";
  try {
    const got = await run();
    return isErrorExpected
      ? { passed: false, expected: `error: ${expected.error}`, got }
      : sameValue(expected.value, got);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const got = `error: ${message}`;
    if (typeof expected.error !== "string") return { passed: false, expected: expected.value, got };
    const passed = saysTheSame(expected.error, message, expected.isPart ?? false);
    return { passed, expected: `error: ${expected.error}`, got };
  }
}

/** Stands in our messages where Go's quote a value. */
const LEFT_OUT = "…";

/**
 * Whether our message says what the expected one says. Positions need not match, ours may say more behind it (a remedy),
 * and where ours leaves a value out, any may stand.
 */
export function saysTheSame(expected: string, message: string, isPart = false): boolean {
  const [wanted, got] = [expected, message].map(withoutPositions);
  if (wanted === undefined || got === undefined) return false;
  const start = isPart ? "" : "^";
  if (new RegExp(start + escaped(wanted)).test(got)) return true;
  const pattern = got.split(LEFT_OUT).map(escaped).join("[\\s\\S]*");
  return got.includes(LEFT_OUT) && new RegExp(isPart ? pattern : `^${pattern}`).test(wanted);
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

const withoutPositions = (text: string): string => text.replaceAll(/:\d+(?::\d+)?:/g, ":");
