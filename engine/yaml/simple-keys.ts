/** Places where a key may have begun, which is known only once a `:` follows on the same line. */
import type { Mark } from "./cursor.ts";

interface SimpleKey {
  isPossible: boolean;
  /** In a block mapping nothing else can stand there. */
  readonly isRequired: boolean;
  /** Whether its token is held back until it is known. */
  isAwaited: boolean;
  readonly tokenNumber: number;
  readonly mark: Mark;
}

/** A key without `?` is at most this long, in characters. */
const MAX_LENGTH = 1024;

/** Where the scanner is. */
type Position = Pick<Mark, "line" | "index">;

/** One place for each level of flow collections, and one outside of them. */
export class SimpleKeys {
  readonly #levels: SimpleKey[] = [];
  readonly #fail: () => never;

  /** @param fail is called where a key had to be and is none */
  constructor(fail: () => never) {
    this.#fail = fail;
  }

  /** Enters a flow collection whose first token has the number. */
  enter(tokenNumber: number, mark: Mark): void {
    this.#levels.push({ isPossible: false, isRequired: false, isAwaited: false, tokenNumber, mark });
  }

  /** Leaves a flow collection. */
  leave(): void {
    const last = this.#levels.pop();
    // As in Go: `{}` is given away at once, so that `{}: a` reads as `{}`.
    for (const key of this.#levels) if (key.tokenNumber === last?.tokenNumber) key.isAwaited = false;
  }

  /** A key may begin with the token of that number. */
  save(tokenNumber: number, mark: Mark, isRequired: boolean): void {
    this.remove();
    this.#levels[this.#levels.length - 1] = { isPossible: true, isRequired, isAwaited: true, tokenNumber, mark };
  }

  /** No key began at the present level. */
  remove(): void {
    const key = this.#levels.at(-1);
    if (key?.isPossible !== true) return;
    if (key.isRequired) this.#fail();
    key.isPossible = key.isAwaited = false;
  }

  /** The key at the present level, if one can have begun; it is taken. */
  take(now: Position): { readonly tokenNumber: number; readonly mark: Mark } | undefined {
    const key = this.#levels.at(-1);
    if (key === undefined || !this.#isStillPossible(key, now)) return undefined;
    key.isPossible = key.isAwaited = false;
    return key;
  }

  /** Whether the token of that number must wait. */
  holdsBack(tokenNumber: number, now: Position): boolean {
    const key = this.#levels.find((each) => each.isAwaited && each.tokenNumber === tokenNumber);
    return key !== undefined && this.#isStillPossible(key, now);
  }

  #isStillPossible(key: SimpleKey, now: Position): boolean {
    if (!key.isPossible) return false;
    if (key.mark.line >= now.line && key.mark.index + MAX_LENGTH >= now.index) return true;
    if (key.isRequired) this.#fail();
    key.isPossible = false;
    return false;
  }
}
