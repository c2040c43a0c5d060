/** Keys that wait for their time, earliest first, each at most once. */

export interface Delayed<V> {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  readonly value: V;
}

/** A binary heap that knows where each key is, so that a key is found, moved and taken out in O(log n). */
export class DelayHeap<V> {
  readonly #entries: Delayed<V>[] = [];
  readonly #positions = new Map<string, number>();

  get size(): number {
    return this.#entries.length;
  }

  /** The earliest one. */
  peek(): Delayed<V> | undefined {
    return this.#entries[0];
  }

  get(key: string): Delayed<V> | undefined {
    const position = this.#positions.get(key);
    return position === undefined ? undefined : this.#entries[position];
  }

  /** Adds the entry, in place of one of the same key. */
  set(entry: Delayed<V>): void {
    this.delete(entry.key);
    this.#place(this.#entries.length, entry);
    this.#rise(this.#entries.length - 1);
  }

  delete(key: string): boolean {
    const position = this.#positions.get(key);
    if (position === undefined) return false;
    const last = this.#entries.pop();
    this.#positions.delete(key);
    if (last !== undefined && last.key !== key) {
      this.#place(position, last);
      this.#rise(position);
      this.#sink(this.#positions.get(last.key) ?? position);
    }
    return true;
  }

  #place(position: number, entry: Delayed<V>): void {
    this.#entries[position] = entry;
    this.#positions.set(entry.key, position);
  }

  #rise(from: number): void {
    let position = from;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (!this.#swapIfEarlier(position, parent)) return;
      position = parent;
    }
  }

  #sink(from: number): void {
    let position = from;
    for (;;) {
      const left = 2 * position + 1;
      const earlier = this.#dueAt(left + 1) < this.#dueAt(left) ? left + 1 : left;
      if (!this.#swapIfEarlier(earlier, position)) return;
      position = earlier;
    }
  }

  #dueAt(position: number): number {
    return this.#entries[position]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  /** Moves the entry below up, where it is due earlier than the one above. */
  #swapIfEarlier(below: number, above: number): boolean {
    const [lower, upper] = [this.#entries[below], this.#entries[above]];
    if (lower === undefined || upper === undefined || lower.dueAt >= upper.dueAt) return false;
    this.#place(above, lower);
    this.#place(below, upper);
    return true;
  }
}
