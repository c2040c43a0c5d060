/** From a term (a store, a target Secret, a namespace) to the keys of the objects that concern it. */

const NONE: ReadonlySet<string> = new Set();

/** An index that is kept by hand: `set` replaces the terms of a key. */
export class KeyIndex {
  readonly #termsOf = new Map<string, readonly string[]>();
  readonly #keysOf = new Map<string, Set<string>>();

  /** Declares the terms of a key; earlier ones are forgotten. */
  set(key: string, terms: readonly string[]): void {
    this.remove(key);
    if (terms.length === 0) return;
    this.#termsOf.set(key, terms);
    for (const term of terms) {
      const keys = this.#keysOf.get(term);
      if (keys === undefined) this.#keysOf.set(term, new Set([key]));
      else keys.add(key);
    }
  }

  remove(key: string): void {
    for (const term of this.#termsOf.get(key) ?? []) {
      const keys = this.#keysOf.get(term);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysOf.delete(term);
    }
    this.#termsOf.delete(key);
  }

  /** The keys that declared the term. */
  keysOf(term: string): ReadonlySet<string> {
    return this.#keysOf.get(term) ?? NONE;
  }
}
