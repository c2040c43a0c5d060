/** `spec.syncWindows`: whether a periodic refresh may happen now. */
import { parseDurationMs } from "../../api/duration.ts";
import type { SyncWindows } from "../../api/sync-windows.ts";
import { parseCron } from "./cron-schedule.ts";

type Window = SyncWindows["windows"][number];

/** Whether the window is open; both its ends belong to it. A schedule or duration that is none is never open, as in ESO. */
export function isWindowOpen(window: Window, atMs: number): boolean {
  return openSince(window, atMs) !== undefined;
}

/** When the window opened, the first time of those that it is open for; undefined where it is closed. */
function openSince({ schedule, duration }: Window, atMs: number): number | undefined {
  const durationMs = parseDurationMs(duration);
  const cron = parseCron(schedule);
  if (durationMs === undefined || cron === undefined) return undefined;
  const openedMs = cron.next(atMs - durationMs - 1);
  return openedMs !== undefined && openedMs <= atMs ? openedMs : undefined;
}

/** `allow` permits a refresh while any window is open, `deny` while none is; no windows permit it always. */
export function syncWindowsAllow(syncWindows: SyncWindows | null | undefined, atMs: number): boolean {
  if (syncWindows === null || syncWindows === undefined || syncWindows.windows.length === 0) return true;
  const isAnyOpen = syncWindows.windows.some((window) => isWindowOpen(window, atMs));
  switch (syncWindows.kind) {
    case "allow":
      return isAnyOpen;
    case "deny":
      return !isAnyOpen;
    default:
      return true;
  }
}

/** Milliseconds until a refresh may be permitted and it is worth while to ask again; 0 where it is now, Infinity where it never is. */
export function windowOpensInMs(syncWindows: SyncWindows | null | undefined, atMs: number): number {
  if (syncWindowsAllow(syncWindows, atMs)) return 0;
  const windows = syncWindows?.windows ?? [];
  const times = windows.map((window) =>
    syncWindows?.kind === "allow" ? nextOpening(window, atMs) : end(window, atMs),
  );
  return Math.min(...times) - atMs;
}

function nextOpening({ schedule }: Window, atMs: number): number {
  return parseCron(schedule)?.next(atMs) ?? Number.POSITIVE_INFINITY;
}

/** The end belongs to the window. */
function end(window: Window, atMs: number): number {
  const openedMs = openSince(window, atMs);
  return openedMs === undefined ? Number.POSITIVE_INFINITY : openedMs + (parseDurationMs(window.duration) ?? 0) + 1;
}
