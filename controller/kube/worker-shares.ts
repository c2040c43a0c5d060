/** Who may hold workers: a pass that waits long lends its worker out, and what is slow keeps to its share. */
import type { Clock } from "../../api/clock.ts";

export interface WorkerSharesOptions {
  readonly clock: Clock;
  /** What passes over the key wait for (its stores); those of one group share its limit. */
  readonly groupsOf: (key: string) => readonly string[];
  /** A worker has become free although its pass goes on. */
  readonly onLent: () => void;
}

/** A pass that takes longer waits for others, and its worker serves another key meanwhile. In milliseconds. */
const LENT_AFTER_MS = 1_000;
/** Passes under way at most, those that wait included, for each worker. */
const MOST_PASSES_PER_WORKER = 20;

interface Pass {
  readonly groups: readonly string[];
  isLent: boolean;
  readonly cancelTimer: () => void;
}

interface Group {
  running: number;
  /** From a pass that was lent until one that was not. */
  isSlow: boolean;
}

/**
 * A group holds all workers while its passes are quick; once one was slow, half of them (at least one), lent ones included,
 * until a pass is quick again. So a backend that hangs keeps others waiting for a second at most, and its own passes stay few.
 */
export class WorkerShares {
  readonly #options: WorkerSharesOptions;
  readonly #passes = new Map<string, Pass>();
  readonly #groups = new Map<string, Group>();
  #lent = 0;

  constructor(options: WorkerSharesOptions) {
    this.#options = options;
  }

  /** Passes under way. */
  get running(): number {
    return this.#passes.size;
  }

  isRunning(key: string): boolean {
    return this.#passes.has(key);
  }

  /** Whether one of so many workers is free. */
  hasFreeWorker(workers: number): boolean {
    return this.running - this.#lent < workers && this.running < workers * MOST_PASSES_PER_WORKER;
  }

  /** Begins a pass over the key, unless one of its groups holds as many workers as it may: then says which. */
  begin(key: string, workers: number): string | undefined {
    const groups = this.#options.groupsOf(key);
    const full = groups.find((name) => this.roomOf(name, workers) <= 0);
    if (full !== undefined) return full;
    for (const name of groups) {
      const group = this.#groups.get(name);
      if (group === undefined) this.#groups.set(name, { running: 1, isSlow: false });
      else group.running += 1;
    }
    const cancelTimer = this.#options.clock.after(LENT_AFTER_MS, () => this.#lend(key));
    this.#passes.set(key, { groups, isLent: false, cancelTimer });
    return undefined;
  }

  /** Ends the pass over the key, and says which groups it was of. */
  end(key: string): readonly string[] {
    const pass = this.#passes.get(key);
    if (pass === undefined) return [];
    pass.cancelTimer();
    this.#passes.delete(key);
    if (pass.isLent) this.#lent -= 1;
    for (const name of pass.groups) this.#leave(name, pass.isLent);
    return pass.groups;
  }

  /** How many more workers the group may have. */
  roomOf(name: string, workers: number): number {
    const group = this.#groups.get(name);
    if (group === undefined) return workers;
    return (group.isSlow ? Math.max(1, Math.floor(workers / 2)) : workers) - group.running;
  }

  #leave(name: string, wasLent: boolean): void {
    const group = this.#groups.get(name);
    if (group === undefined) return;
    group.running -= 1;
    if (!wasLent) group.isSlow = false;
    if (group.running === 0 && !group.isSlow) this.#groups.delete(name);
  }

  #lend(key: string): void {
    const pass = this.#passes.get(key);
    if (pass === undefined) return;
    pass.isLent = true;
    this.#lent += 1;
    for (const name of pass.groups) {
      const group = this.#groups.get(name);
      if (group !== undefined) group.isSlow = true;
    }
    this.#options.onLent();
  }
}
