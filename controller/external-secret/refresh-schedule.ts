/** When periodic refreshes come due: what reads the same remote secret comes due together, so that one read serves all. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { storeKeysOf } from "../cache/store-key.ts";

/** After a start, what the process before may have refreshed or not is spread over this time, or over the interval. */
const START_SPREAD_MS = 30_000;
/** How old what others read may be for a periodic refresh: this long, … */
const MAX_SHARED_AGE_MS = 2_000;
/** … and this part of the interval. */
const SHARED_AGE = 0.1;

/** Milliseconds, 0 to 2^32: the same for all that read the same remote secret of the same store, and evenly spread otherwise. */
export function refreshOffsetMs(externalSecret: ExternalSecret): number {
  const { data = [], dataFrom = [] } = externalSecret.spec;
  const keys = [
    ...data.map(({ remoteRef }) => remoteRef.key),
    ...dataFrom.map(({ extract, find }) => extract?.key ?? JSON.stringify(find ?? null)),
  ];
  // One of them stands for all: sets that share their least key come due together, too.
  const [least = ""] = keys.sort();
  const [store = ""] = storeKeysOf(externalSecret);
  return spread(`${store} ${least}`);
}

/** FNV-1a with a last mix, so that names which differ in their end only come far from each other. */
function spread(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}

/** The first moment after `lastMs` that is `offsetMs` past a multiple of the interval: within one interval, always. */
export function dueAfterMs(lastMs: number, intervalMs: number, offsetMs: number): number {
  if (!(intervalMs > 0 && Number.isFinite(intervalMs))) return lastMs + intervalMs;
  const phase = offsetMs % intervalMs;
  return phase + Math.floor((lastMs - phase) / intervalMs + 1) * intervalMs;
}

/** When what this process has not refreshed itself comes due, at the earliest. */
export function dueAfterStartMs(startedAtMs: number, intervalMs: number, offsetMs: number): number {
  return startedAtMs + (offsetMs % Math.max(1, Math.min(intervalMs, START_SPREAD_MS)));
}

/** How long ago an equal read may have begun for its result to serve a periodic refresh. */
export function sharedAgeMs(intervalMs: number): number {
  return Math.min(MAX_SHARED_AGE_MS, intervalMs * SHARED_AGE);
}
