/** Reads fields of inputs that nothing has checked: a policy sees whatever a program wrote. */

/** Fields of an object that nothing has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** The object at the end of a path of fields; without fields where there is none. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  const found = path.reduce<unknown>((object, name) => (isObject(object) ? object[name] : undefined), value);
  return isObject(found) ? found : {};
}

/** The items of a list; none where it is no list. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or undefined where it is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Whether something is written there: an empty object is nothing. */
export function isGiven(value: unknown): boolean {
  return isObject(value) ? Object.keys(value).length > 0 : value !== undefined && value !== null && value !== "";
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
