/** Keys that are ready to be worked on, by priority, first in first out within one. */
import type { Priority } from "./contracts.ts";

const ORDER: readonly Priority[] = ["urgent", "normal", "periodic"];
/** After being passed over this often in a row, a lower priority gets its turn: nothing starves. */
const PATIENCE: Readonly<Record<Priority, number>> = { urgent: 0, normal: 4, periodic: 9 };

export interface Ready {
  readonly key: string;
  readonly priority: Priority;
  /** Since when it waits. */
  readonly since: number;
}

/** Whether `a` goes before `b`. */
export function isHigher(a: Priority, b: Priority): boolean {
  return ORDER.indexOf(a) < ORDER.indexOf(b);
}

/** Three queues; each key is in one of them at most. */
export class ReadyKeys {
  /** The time since which each key waits, in the order of arrival. */
  readonly #queues: Readonly<Record<Priority, Map<string, number>>> = {
    urgent: new Map(),
    normal: new Map(),
    periodic: new Map(),
  };
  readonly #passedOver: Record<Priority, number> = { urgent: 0, normal: 0, periodic: 0 };

  get size(): number {
    return ORDER.reduce((sum, priority) => sum + this.#queues[priority].size, 0);
  }

  /** A key that is there already keeps its age, and moves up where the new priority is higher. */
  add(key: string, priority: Priority, now: number): void {
    const present = ORDER.find((each) => this.#queues[each].has(key));
    if (present !== undefined && !isHigher(priority, present)) return;
    const since = present === undefined ? now : (this.#queues[present].get(key) ?? now);
    if (present !== undefined) this.#queues[present].delete(key);
    this.#queues[priority].set(key, since);
  }

  /** The next key, taken out. */
  take(): Ready | undefined {
    const waiting = ORDER.filter((priority) => this.#queues[priority].size > 0);
    const impatient = waiting.findLast((priority) => priority !== waiting[0] && this.#hasWaitedEnough(priority));
    const priority = impatient ?? waiting[0];
    if (priority === undefined) return undefined;
    for (const each of waiting) this.#passedOver[each] = each === priority ? 0 : this.#passedOver[each] + 1;
    const [key] = this.#queues[priority].keys();
    return key === undefined ? undefined : this.remove(key);
  }

  /** Takes out that key, where it is there. */
  remove(key: string): Ready | undefined {
    const priority = ORDER.find((each) => this.#queues[each].has(key));
    const since = priority === undefined ? undefined : this.#queues[priority].get(key);
    if (priority === undefined || since === undefined) return undefined;
    this.#queues[priority].delete(key);
    return { key, priority, since };
  }

  /** Since when the key that has waited longest waits; `undefined` where none does. */
  oldestSince(): number | undefined {
    let oldest: number | undefined;
    for (const priority of ORDER) {
      for (const since of this.#queues[priority].values()) oldest = Math.min(oldest ?? since, since);
    }
    return oldest;
  }

  #hasWaitedEnough(priority: Priority): boolean {
    return this.#passedOver[priority] >= PATIENCE[priority];
  }
}
