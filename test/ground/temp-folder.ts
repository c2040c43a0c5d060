/** A temporary folder that is gone when its owner is done with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TempFolder {
  /** Absolute; only this user may read it. */
  readonly path: string;
  /** Removes all of it. Idempotent; tries again for a second where a dying process still writes into it. */
  remove(): Promise<void>;
}

/** Makes `<temporary folder of the system>/<prefix>-XXXXXX`. */
export async function createTempFolder(prefix = "ground"): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `${prefix}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }) };
}
