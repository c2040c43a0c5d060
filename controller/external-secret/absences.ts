/** What the backends said to be absent, and since when: nothing is deleted on the strength of one answer. */
import type { DeletionPolicy } from "../../api/external-secret.ts";
import type { EntryProblem, FetchedData } from "../../engine/entry-problems.ts";

/** Whether an absence is proven. */
export type Proof =
  | { readonly state: "proven" }
  /** Said once; to be asked again after so many milliseconds. */
  | { readonly state: "once"; readonly askAgainInMs: number }
  /** What the backend said proves nothing, however often it says so. */
  | { readonly state: "never"; readonly why: string };

/** What is to be proven. */
export interface Demand {
  /** How many entries were asked for. */
  readonly entries: number;
  readonly deletionPolicy: DeletionPolicy;
  /** As `note` said. */
  readonly said: Proof;
}

interface Sightings {
  readonly uid: string;
  /** When each absence was said first, in milliseconds since the epoch. */
  readonly firstSaidAtMs: Map<string, number>;
  /** The last answer with values came after the last error: only then an empty one is believed. */
  readonly isTrusted: boolean;
}

/** The question is put slightly later than it must be, so that clocks that differ by a tick do not make a third one. */
const MARGIN_MS = 10;

/** An answer without an error that held nothing: an empty list, an empty map. */
const EMPTY_ANSWER = "empty answer";

/** In memory only: after a start, or after an error, proof begins anew. */
export class Absences {
  readonly #sightings = new Map<string, Sightings>();
  readonly #confirmationMs: number;

  /** @param confirmationMs least time between the first and the last time that a backend says it. */
  constructor(confirmationMs: number) {
    this.#confirmationMs = confirmationMs;
  }

  /**
   * Takes what the backends of one ExternalSecret said without an error. Absences that they no longer tell are forgotten.
   * @returns whether all absences are proven, so that keys may go.
   */
  note(key: string, uid: string, fetched: Pick<FetchedData, "data" | "absences">, nowMs: number): Proof {
    const before = this.#of(key, uid);
    const said = fetched.absences.map(identityOf);
    if (fetched.data.size === 0) said.push(EMPTY_ANSWER);
    const firstSaidAtMs = new Map(said.map((id) => [id, before?.firstSaidAtMs.get(id) ?? nowMs]));
    const isTrusted = fetched.data.size > 0 || (before?.isTrusted ?? false);
    this.#sightings.set(key, { uid, firstSaidAtMs, isTrusted });
    const youngest = Math.max(Number.NEGATIVE_INFINITY, ...firstSaidAtMs.values());
    const askAgainInMs = youngest + this.#confirmationMs - nowMs;
    return askAgainInMs <= 0 ? { state: "proven" } : { state: "once", askAgainInMs: askAgainInMs + MARGIN_MS };
  }

  /**
   * Whether it is proven that all that was asked for is gone. Before a deletion, a backend must have said so of each entry; one
   * that answers with nothing is believed only where it has answered with something since the last error.
   */
  ofAll(
    key: string,
    uid: string,
    { absences }: Pick<FetchedData, "absences">,
    { entries, deletionPolicy, said }: Demand,
  ): Proof {
    const other = absences.find(({ reason }) => reason !== "SecretNotFound");
    if (deletionPolicy === "Delete" && other !== undefined) {
      return { state: "never", why: `the secret of ${other.field} is there and lacks the property only` };
    }
    if (absences.length < entries && this.#of(key, uid)?.isTrusted !== true) {
      return { state: "never", why: "it has answered with nothing ever since a start or an error" };
    }
    return said;
  }

  /** After an error, and when the ExternalSecret is gone. */
  forget(key: string): void {
    this.#sightings.delete(key);
  }

  #of(key: string, uid: string): Sightings | undefined {
    const sightings = this.#sightings.get(key);
    return sightings?.uid === uid ? sightings : undefined;
  }
}

function identityOf({ field, remoteKey, property = "" }: EntryProblem): string {
  return JSON.stringify([field, remoteKey, property]);
}
