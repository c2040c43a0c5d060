/** What this process remembers of each ExternalSecret between passes. */
import type { ExternalSecret } from "../../api/external-secret.ts";

interface Remembered {
  readonly uid: string;
  readonly refreshedAtMs: number;
  /** Of its stores, and of what its `templateFrom` names. */
  readonly inputVersions: string;
}

/** Last refreshes: `status.refreshTime` does not move at each one, so that an unchanged object is not written. */
export class RefreshMemory {
  readonly #last = new Map<string, Remembered>();

  /** After a refresh that succeeded. */
  note(key: string, externalSecret: ExternalSecret, refreshedAtMs: number, inputVersions: string): void {
    this.#last.set(key, { uid: externalSecret.metadata.uid ?? "", refreshedAtMs, inputVersions });
  }

  /**
   * Milliseconds since the epoch; where this process has refreshed nothing yet, what the status says. The status also decides
   * where it was reset by someone.
   */
  refreshedAtMs(key: string, { metadata, status }: ExternalSecret): number | undefined {
    const written = status?.refreshTime ? Date.parse(status.refreshTime) : Number.NaN;
    if (Number.isNaN(written)) return undefined;
    const last = this.#last.get(key);
    return last?.uid === metadata.uid ? Math.max(written, last?.refreshedAtMs ?? 0) : written;
  }

  /** Whether a store or a template is in another version than at the last refresh of this process. */
  inputWasEdited(key: string, { metadata }: ExternalSecret, inputVersions: string): boolean {
    const last = this.#last.get(key);
    return last !== undefined && last.uid === metadata.uid && last.inputVersions !== inputVersions;
  }

  forget(key: string): void {
    this.#last.delete(key);
  }
}
