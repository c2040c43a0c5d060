/** Sync windows: cron schedules as robfig/cron reads them, and what windows permit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCron } from "../../engine/sync-windows/cron-schedule.ts";
import { isWindowOpen, syncWindowsAllow } from "../../engine/sync-windows/index.ts";

const at = (text: string): number => Date.parse(text);

function nextOf(schedule: string, after: string): string | undefined {
  const next = parseCron(schedule)?.next(at(after));
  return next === undefined ? undefined : new Date(next).toISOString();
}

const NEXT: readonly (readonly [schedule: string, after: string, next: string | undefined])[] = [
  ["0 22 * * *", "2026-06-01T22:00:00Z", "2026-06-02T22:00:00.000Z"],
  ["*/15 * * * *", "2026-06-01T10:16:30Z", "2026-06-01T10:30:00.000Z"],
  ["5/20 9-17 * * mon-fri", "2026-06-05T17:45:00Z", "2026-06-08T09:05:00.000Z"],
  ["0 0 29 feb *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ["0 0 13 * 5", "2026-06-01T00:00:00Z", "2026-06-05T00:00:00.000Z"],
  ["0 0 31 2 *", "2026-01-01T00:00:00Z", undefined],
  ["@weekly", "2026-06-01T00:00:00Z", "2026-06-07T00:00:00.000Z"],
  ["@every 90m", "2026-06-01T00:00:00Z", "2026-06-01T01:30:00.000Z"],
];

for (const [schedule, after, next] of NEXT) {
  test(`after ${after}, ${schedule} is next at ${next ?? "no time"}`, () =>
    assert.equal(nextOf(schedule, after), next));
}

test("what is no schedule is none", () => {
  for (const text of [
    "",
    "not-a-cron",
    "* * * *",
    "60 * * * *",
    "* * * * 7",
    "1-2-3 * * * *",
    "*/0 * * * *",
    "@never",
  ]) {
    assert.equal(parseCron(text), undefined, text);
  }
});

test("both ends belong to a window, and a wrong duration opens none", () => {
  const window = { schedule: "0 22 * * *", duration: "2h" };
  assert.equal(isWindowOpen(window, at("2026-06-01T22:00:00Z")), true);
  assert.equal(isWindowOpen(window, at("2026-06-02T00:00:00Z")), true);
  assert.equal(isWindowOpen(window, at("2026-06-02T00:00:01Z")), false);
  assert.equal(isWindowOpen({ ...window, duration: "two hours" }, at("2026-06-01T22:00:00Z")), false);
});

test("allow needs an open window, deny a closed one, and none permits", () => {
  const windows = [{ schedule: "0 22 * * *", duration: "2h" }];
  const inside = at("2026-06-01T23:00:00Z");
  assert.equal(syncWindowsAllow({ kind: "allow", windows }, inside), true);
  assert.equal(syncWindowsAllow({ kind: "deny", windows }, inside), false);
  assert.equal(syncWindowsAllow(undefined, inside), true);
});
