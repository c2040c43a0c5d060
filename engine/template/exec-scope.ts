/** The variables of a template's body while it is compiled: each declaration has a slot of its own. */

interface Variable {
  readonly name: string;
  readonly slot: number;
  /** The slot of the collection that a loop's variable is an element of. */
  container: number | undefined;
}

/** Finds variables by name, as far as they are visible. */
export class Scope {
  private readonly visible: Variable[] = [{ name: "$", slot: 0, container: undefined }];
  /** How many slots the body needs. */
  slots = 1;
  /** The slot of the collection that `.` is an element of, inside a `range`. */
  dotContainer: number | undefined;

  /** A slot that no name leads to. */
  newSlot(): number {
    return this.slots++;
  }

  /** Declares a variable. */
  declare(name: string): number {
    const slot = this.newSlot();
    this.visible.push({ name, slot, container: undefined });
    return slot;
  }

  /** Says that a variable is an element of the collection in the slot `container`. */
  bindElement(name: string, container: number): void {
    const variable = this.visible.findLast((one) => one.name === name);
    if (variable !== undefined) variable.container = container;
  }

  /** The variable that a name means here; undefined if it was declared on no way to this place. */
  find(name: string): Readonly<Variable> | undefined {
    return this.visible.findLast((variable) => variable.name === name);
  }

  /** A mark to go back to. */
  mark(): number {
    return this.visible.length;
  }

  /** Forgets what was declared since the mark. */
  release(mark: number): void {
    this.visible.length = mark;
  }
}
