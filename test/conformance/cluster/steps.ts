/** Waiting for what a case expects: becoming true in time, and staying true. */
import { setTimeout as sleep } from "node:timers/promises";
import { parseDurationMs } from "../../../api/duration.ts";
import { isAboutAbsence, type LookedAt, mismatchOf } from "./expectations.ts";
import type { Mismatch } from "./secret-expectations.ts";

type Fields = Readonly<Record<string, unknown>>;

const LOOK_EVERY_MS = 40;
/** How long a case's first expectations may take, as the format says. */
const FIRST_WITHIN_MS = 10_000;
/** How long what has not happened is waited for. */
const NOTHING_HAPPENS_MS = 3000;

/** A case's first expectations; what should not happen must not happen for some seconds more. */
export async function firstMismatch(expected: Fields, at: LookedAt): Promise<Mismatch | undefined> {
  const mismatch = await becomes(expected, at, FIRST_WITHIN_MS);
  return mismatch ?? (isAboutAbsence(expected) ? stays(expected, at, NOTHING_HAPPENS_MS) : undefined);
}

/** A step `{expect, within}` or `{expect, during}`; with neither, it must be so now. */
export async function stepMismatch(step: Fields, expected: Fields, at: LookedAt): Promise<Mismatch | undefined> {
  if (step.during !== undefined) return stays(expected, at, durationOf(step.during));
  return becomes(expected, at, step.within === undefined ? 0 : durationOf(step.within));
}

async function becomes(expected: Fields, at: LookedAt, limitMs: number): Promise<Mismatch | undefined> {
  const startedAt = performance.now();
  for (;;) {
    const mismatch = await mismatchOf(expected, at);
    if (mismatch === undefined || performance.now() - startedAt > limitMs) return mismatch;
    await sleep(LOOK_EVERY_MS);
  }
}

async function stays(expected: Fields, at: LookedAt, durationMs: number): Promise<Mismatch | undefined> {
  const startedAt = performance.now();
  for (;;) {
    const mismatch = await mismatchOf(expected, at);
    const passedMs = performance.now() - startedAt;
    if (mismatch !== undefined) return { ...mismatch, got: { afterMs: Math.round(passedMs), got: mismatch.got } };
    if (passedMs > durationMs) return undefined;
    await sleep(LOOK_EVERY_MS);
  }
}

function durationOf(text: unknown): number {
  const ms = parseDurationMs(String(text));
  if (ms === undefined) throw new Error(`"${text}" is no duration`);
  return ms;
}
