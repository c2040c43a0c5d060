import assert from "node:assert/strict";
import { test } from "node:test";
import { isWindowOpen, syncWindowsAllow, windowOpensInMs } from "../../engine/sync-windows/index.ts";

const at = (time: string) => Date.parse(`2026-06-01T${time}Z`);
const night = { schedule: "0 22 * * *", duration: "2h" };

test("a window is open from its start to its end, both included", () => {
  assert.deepEqual(
    ["21:59:59.999", "22:00:00", "23:59:59.999"].map((time) => isWindowOpen(night, at(time))),
    [false, true, true],
  );
  assert.equal(isWindowOpen(night, Date.parse("2026-06-02T00:00:00Z")), true);
  assert.equal(isWindowOpen(night, Date.parse("2026-06-02T00:00:00.001Z")), false);
});

test("windows that touch leave no gap", () => {
  const each = { schedule: "* * * * *", duration: "1m" };
  for (let ms = 0; ms < 120_000; ms += 250) assert.ok(isWindowOpen(each, at("10:00:00") + ms), `${ms}`);
});

test("a schedule or duration that is none, and one that never comes, is never open", () => {
  for (const window of [
    { schedule: "not-a-cron", duration: "2h" },
    { schedule: "0 22 * * 7", duration: "2h" },
    { schedule: "* * * * *", duration: "soon" },
    { schedule: "0 0 30 2 *", duration: "2h" },
  ]) {
    assert.equal(isWindowOpen(window, at("22:30:00")), false);
  }
  assert.equal(isWindowOpen({ schedule: "@every 1h", duration: "1h" }, at("22:30:00")), true);
  assert.equal(isWindowOpen({ schedule: "@hourly", duration: "10m" }, at("22:10:00")), true);
});

test("while a refresh is forbidden, the time is known when to ask again", () => {
  const allow = { kind: "allow", windows: [night, { schedule: "0 21 * * *", duration: "1m" }] } as const;
  assert.equal(windowOpensInMs(allow, at("20:00:00")), 3_600_000);
  assert.equal(windowOpensInMs(allow, at("22:30:00")), 0);
  const deny = { kind: "deny", windows: [night] } as const;
  assert.equal(windowOpensInMs(deny, at("23:00:00")), 3_600_001);
  assert.equal(syncWindowsAllow(deny, at("23:00:00") + 3_600_001), true);
  assert.equal(windowOpensInMs(undefined, at("23:00:00")), 0);
  const never = { kind: "allow", windows: [{ schedule: "0 0 30 2 *", duration: "1h" }] } as const;
  assert.equal(windowOpensInMs(never, at("23:00:00")), Number.POSITIVE_INFINITY);
});
