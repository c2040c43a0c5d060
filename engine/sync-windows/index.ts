/** `spec.syncWindows`: whether a periodic refresh may happen now. */
import { parseDurationMs } from "../../api/duration.ts";
import type { SyncWindows } from "../../api/sync-windows.ts";
import { parseCron } from "./cron-schedule.ts";

type Window = SyncWindows["windows"][number];

/** Whether the window is open; both its ends belong to it. A schedule or duration that is none is never open, as in ESO. */
export function isWindowOpen({ schedule, duration }: Window, atMs: number): boolean {
  const durationMs = parseDurationMs(duration);
  const cron = parseCron(schedule);
  if (durationMs === undefined || cron === undefined) return false;
  const openedMs = cron.next(atMs - durationMs - 1_000);
  return openedMs !== undefined && openedMs <= atMs && atMs <= openedMs + durationMs;
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
