/** A lock between processes: a file that its holder keeps touching, so that the lock of a dead process expires. */
import { open, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const TOUCH_INTERVAL_MS = 2000;
const EXPIRES_AFTER_MS = 20_000;
const POLL_INTERVAL_MS = 200;

export interface FileLockOptions {
  /** Called once, when another process holds the lock. */
  readonly onWait?: () => void;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a touch after which a lock counts as left behind. Default 20,000. */
  readonly expiresAfterMs?: number;
}

/**
 * Runs `action` while holding the lock at `path` (a file that must not exist otherwise; its folder must). Waits without
 * limit for a living holder: give a signal. Two waiters that find the same dead lock may, very rarely, both get it, so
 * the action must stay correct then.
 * @throws the signal's reason when it aborts while waiting; what the action throws.
 */
export async function withFileLock<T>(
  path: string,
  action: () => Promise<T>,
  options: FileLockOptions = {},
): Promise<T> {
  await acquire(path, options);
  const timer = setInterval(() => {
    const now = new Date();
    // A lock that someone removed by hand is gone; the action goes on.
    utimes(path, now, now).catch(() => {});
  }, TOUCH_INTERVAL_MS);
  timer.unref();
  try {
    return await action();
  } finally {
    clearInterval(timer);
    await rm(path, { force: true });
  }
}

async function acquire(path: string, options: FileLockOptions): Promise<void> {
  const { onWait, signal, expiresAfterMs = EXPIRES_AFTER_MS } = options;
  let waited = false;
  for (;;) {
    signal?.throwIfAborted();
    if (await created(path)) return;
    const age = await ageMs(path);
    if (age === undefined) continue;
    if (age > expiresAfterMs) {
      await rm(path, { force: true });
      continue;
    }
    if (!waited) onWait?.();
    waited = true;
    await sleep(POLL_INTERVAL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

async function created(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Milliseconds since the last touch; undefined when the file is gone. */
async function ageMs(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
