/** What this process remembers of each ExternalSecret between passes. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { dueAfterMs, dueAfterStartMs, refreshOffsetMs } from "./refresh-schedule.ts";

/** A refresh that succeeded. */
export interface Refreshed {
  readonly atMs: number;
  /** Of its stores, and of what its `templateFrom` names. */
  readonly inputVersions: string;
  /** Of what the backends gave, where equal bytes need no further work; by `DataDigest`. */
  readonly dataDigest?: string | undefined;
}

interface Remembered extends Refreshed {
  readonly uid: string;
}

/** Last refreshes: `status.refreshTime` does not move at each one, so that an unchanged object is not written. */
export class RefreshMemory {
  readonly #last = new Map<string, Remembered>();
  /** When the first pass asked. */
  #startedAtMs: number | undefined;

  /** After a refresh that succeeded. */
  note(key: string, { metadata }: ExternalSecret, refreshed: Refreshed): void {
    const before = this.#last.get(key)?.inputVersions;
    const { atMs, dataDigest } = refreshed;
    // The text that is there already, where it says the same.
    const inputVersions = before === refreshed.inputVersions ? before : refreshed.inputVersions;
    this.#last.set(key, { uid: metadata.uid ?? "", atMs, inputVersions, dataDigest });
  }

  /**
   * Milliseconds since the epoch; where this process has refreshed nothing yet, what the status says. The status also decides
   * where it was reset by someone.
   */
  refreshedAtMs(key: string, externalSecret: ExternalSecret): number | undefined {
    const { status } = externalSecret;
    const written = status?.refreshTime ? Date.parse(status.refreshTime) : Number.NaN;
    if (Number.isNaN(written)) return undefined;
    return Math.max(written, this.#of(key, externalSecret)?.atMs ?? 0);
  }

  /**
   * When the interval asks for the next refresh; undefined where there was none. What another process has refreshed, we cannot know
   * when, comes due spread over the first half minute, not at once.
   */
  dueAtMs(key: string, externalSecret: ExternalSecret, intervalMs: number, nowMs: number): number | undefined {
    this.#startedAtMs ??= nowMs;
    const lastMs = this.refreshedAtMs(key, externalSecret);
    if (lastMs === undefined) return undefined;
    const offsetMs = refreshOffsetMs(externalSecret);
    const dueMs = dueAfterMs(lastMs, intervalMs, offsetMs);
    if (this.#of(key, externalSecret) !== undefined) return dueMs;
    return Math.max(dueMs, dueAfterStartMs(this.#startedAtMs, intervalMs, offsetMs));
  }

  /** Whether a store or a template is in another version than at the last refresh of this process. */
  inputWasEdited(key: string, externalSecret: ExternalSecret, inputVersions: string): boolean {
    const last = this.#of(key, externalSecret);
    return last !== undefined && last.inputVersions !== inputVersions;
  }

  /** Of what the backends gave at the last refresh of this process. */
  dataDigest(key: string, externalSecret: ExternalSecret): string | undefined {
    return this.#of(key, externalSecret)?.dataDigest;
  }

  forget(key: string): void {
    this.#last.delete(key);
  }

  #of(key: string, { metadata }: ExternalSecret): Remembered | undefined {
    const last = this.#last.get(key);
    return last?.uid === metadata.uid ? last : undefined;
  }
}
