/** Whether the controller lives (its watches do) and is ready (its caches are full). */
import type { NamedReflector } from "./cache/caches.ts";
import type { Answer } from "./server.ts";

/** Watches end and begin anew every 10 minutes at most; twice that without a word means that the loop is dead. */
const MAX_SILENCE_MS = 20 * 60_000;
/** How long after the start a cache may be empty: CRDs may be installed late. */
const GRACE_MS = 10 * 60_000;

/** `/healthz`: 500 naming the watches that are dead. */
export function liveness(reflectors: readonly NamedReflector[], startedAtMs: number, nowMs: number): Answer {
  const inGrace = nowMs - startedAtMs < GRACE_MS;
  const dead = reflectors.filter(({ reflector }) => {
    const silentMs = reflector.silentForMs();
    return silentMs > MAX_SILENCE_MS && !(inGrace && silentMs === Number.POSITIVE_INFINITY);
  });
  if (dead.length === 0) return { status: 200, body: "ok\n" };
  return { status: 500, body: `no news from the API server: ${dead.map(({ name }) => name).join(", ")}\n` };
}

/** `/readyz`: 500 naming the caches that are not full yet. */
export function readiness(reflectors: readonly NamedReflector[]): Answer {
  const waiting = reflectors.filter(({ reflector }) => !reflector.isSynced);
  if (waiting.length === 0) return { status: 200, body: "ok\n" };
  return { status: 500, body: `not listed yet: ${waiting.map(({ name }) => name).join(", ")}\n` };
}
