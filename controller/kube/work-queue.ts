/** The queue between watch events and reconciles: coalesces keys, and never works on one key twice at once. */
import type { Clock } from "../../api/clock.ts";
import type { Priority, WorkQueue } from "./contracts.ts";
import { DelayHeap } from "./delay-heap.ts";
import { isHigher, type Ready, ReadyKeys } from "./ready-keys.ts";
import { WorkerShares, type WorkerSharesOptions } from "./worker-shares.ts";

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Hears of what a handler throws; the queue itself goes on and does not repeat the key. An abort after stop is not told. */
  readonly onError: (key: string, error: unknown) => void;
  /** As `WorkerSharesOptions`. Default: every key is of no group. */
  readonly groupsOf?: WorkerSharesOptions["groupsOf"];
}

type Handler = (key: string, signal: AbortSignal) => Promise<void>;

interface Run {
  readonly handler: Handler;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly done: () => void;
}

/**
 * Priorities: urgent before normal before periodic, yet one normal after 4 and one periodic after 9 higher ones at the latest.
 * What has run for a second gives its worker to another, within the limits of `WorkerShares`.
 */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new CoalescingQueue(options);
}

class CoalescingQueue implements WorkQueue {
  readonly #clock: Clock;
  readonly #onError: WorkQueueOptions["onError"];
  readonly #ready = new ReadyKeys();
  readonly #later = new DelayHeap<Priority>();
  readonly #shares: WorkerShares;
  /** Ready keys whose group holds as many workers as it may, by group. */
  readonly #held = new Map<string, ReadyKeys>();
  /** Keys that were added while they were worked on. */
  readonly #again = new Map<string, Priority>();
  #run: Run | undefined;
  #pumpIsDue = false;
  #timer: { readonly dueAt: number; readonly cancel: () => void } | undefined;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#onError = options.onError;
    const { clock, groupsOf = () => [] } = options;
    this.#shares = new WorkerShares({ clock, groupsOf, onLent: () => this.#pump() });
  }

  get depth(): number {
    return [...this.#held.values()].reduce((sum, { size }) => sum + size, this.#ready.size);
  }

  get delayed(): number {
    return this.#later.size;
  }

  oldestAgeMs(): number {
    const now = this.#clock.now();
    return [this.#ready, ...this.#held.values()].reduce(
      (age, keys) => Math.max(now - (keys.oldestSince() ?? now), age),
      0,
    );
  }

  add(key: string, priority: Priority = "normal"): void {
    this.cancel(key);
    if (this.#shares.isRunning(key)) {
      const waiting = this.#again.get(key);
      if (waiting === undefined || isHigher(priority, waiting)) this.#again.set(key, priority);
      return;
    }
    for (const keys of this.#held.values()) {
      // Its group may be another one by now.
      const held = keys.remove(key);
      if (held !== undefined) this.#ready.add(key, held.priority, held.since);
    }
    this.#ready.add(key, priority, this.#clock.now());
    this.#pumpSoon();
  }

  addAfter(key: string, delayMs: number, priority: Priority = "normal"): void {
    if (!(delayMs > 0)) {
      this.add(key, priority);
      return;
    }
    const dueAt = this.#clock.now() + delayMs;
    const present = this.#later.get(key);
    if (present !== undefined && present.dueAt <= dueAt) return;
    this.#later.set({ key, dueAt, value: priority });
    this.#setTimer();
  }

  cancel(key: string): void {
    if (this.#later.delete(key)) this.#setTimer();
  }

  run(handler: Handler, concurrency: number, signal: AbortSignal): Promise<void> {
    if (this.#run !== undefined) throw new Error("the work queue runs already");
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#run = { handler, concurrency, signal, done: resolve };
    signal.addEventListener("abort", () => this.#endIfIdle(), { once: true });
    this.#pumpSoon();
    this.#endIfIdle();
    return promise;
  }

  /** Not at once: whoever adds keys is a watch handler, and is not to wait for reconciles to start. */
  #pumpSoon(): void {
    if (this.#pumpIsDue) return;
    this.#pumpIsDue = true;
    queueMicrotask(() => {
      this.#pumpIsDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    const run = this.#run;
    if (run === undefined) return;
    while (!run.signal.aborted && this.#shares.hasFreeWorker(run.concurrency)) {
      const next = this.#ready.take();
      if (next === undefined) return;
      const full = this.#shares.begin(next.key, run.concurrency);
      if (full === undefined) void this.#work(run, next.key);
      else this.#hold(full, next);
    }
  }

  #hold(group: string, { key, priority, since }: Ready): void {
    const keys = this.#held.get(group) ?? new ReadyKeys();
    this.#held.set(group, keys);
    keys.add(key, priority, since);
  }

  /** As many as the group may begin now. */
  #letGo(group: string, workers: number): void {
    const keys = this.#held.get(group);
    if (keys === undefined) return;
    for (let room = this.#shares.roomOf(group, workers); room > 0; room--) {
      const next = keys.take();
      if (next !== undefined) this.#ready.add(next.key, next.priority, next.since);
    }
    if (keys.size === 0) this.#held.delete(group);
  }

  async #work(run: Run, key: string): Promise<void> {
    try {
      await run.handler(key, run.signal);
    } catch (error) {
      if (!run.signal.aborted) this.#onError(key, error);
    } finally {
      for (const group of this.#shares.end(key)) this.#letGo(group, run.concurrency);
      const again = this.#again.get(key);
      this.#again.delete(key);
      if (again !== undefined) this.#ready.add(key, again, this.#clock.now());
      this.#pump();
      this.#endIfIdle();
    }
  }

  #endIfIdle(): void {
    const run = this.#run;
    if (run === undefined || !run.signal.aborted || this.#shares.running > 0) return;
    this.#run = undefined;
    run.done();
  }

  /** One timer, for the earliest key. */
  #setTimer(): void {
    const dueAt = this.#later.peek()?.dueAt;
    if (this.#timer?.dueAt === dueAt) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (dueAt === undefined) return;
    const cancel = this.#clock.after(Math.max(dueAt - this.#clock.now(), 0), () => {
      this.#timer = undefined;
      this.#releaseDue();
    });
    this.#timer = { dueAt, cancel };
  }

  #releaseDue(): void {
    const now = this.#clock.now();
    for (let next = this.#later.peek(); next !== undefined && next.dueAt <= now; next = this.#later.peek()) {
      this.#later.delete(next.key);
      this.add(next.key, next.value);
    }
    this.#setTimer();
  }
}
