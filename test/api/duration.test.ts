/** Go durations. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDurationMs } from "../../api/duration.ts";

const VALID: Readonly<Record<string, number>> = {
  "1h": 3_600_000,
  "1h0m0s": 3_600_000,
  "1h30m": 5_400_000,
  "250ms": 250,
  "1.5s": 1_500,
  ".5m": 30_000,
  "5.s": 5_000,
  "0": 0,
  "-0": 0,
  "0s": 0,
  "+5m": 300_000,
  "-1m30s": -90_000,
  "1us": 0.001,
  "1µs": 0.001,
  "1μs": 0.001,
  "100ns": 0.0001,
  "2540400h": 9_145_440_000_000,
};

for (const [text, ms] of Object.entries(VALID)) {
  test(`"${text}" is ${ms} ms`, () => assert.ok(Math.abs((parseDurationMs(text) ?? Number.NaN) - ms) < 1e-9));
}

for (const text of ["", "5", "nonsense", "1d", "h", "1h ", " 1h", "1h-5m", "--1h", ".s", "1e3s", "9999999999h"]) {
  test(`"${text}" is no duration`, () => assert.equal(parseDurationMs(text), undefined));
}
