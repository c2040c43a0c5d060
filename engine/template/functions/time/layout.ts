/** Go's reference layout: `Mon Jan 2 15:04:05 MST 2006` taken apart. */

/** A text to be put out as it is, then an element of the layout; the last part has none. */
export interface LayoutPart {
  readonly prefix: string;
  /** As it stands in the layout: `2006`, `Jan`, `.000`. Empty at the end. */
  readonly element: string;
}

/** A layout's parts in their order. */
export function layoutParts(layout: string): readonly LayoutPart[] {
  const parts: LayoutPart[] = [];
  let end = 0;
  for (const match of layout.matchAll(ELEMENTS)) {
    parts.push({ prefix: layout.slice(end, match.index), element: match[0] });
    end = match.index + match[0].length;
  }
  parts.push({ prefix: layout.slice(end), element: "" });
  return parts;
}

/** Whether an element is a fraction of a second: `.000`, `,999`. */
export function isFraction(element: string): boolean {
  return element.startsWith(".") || element.startsWith(",");
}

/** Whether an element is a numeric offset: `-0700`, `Z07:00`. */
export function isNumericZone(element: string): boolean {
  return element.startsWith("-") || element.startsWith("Z");
}

/** The first that fits wins: longer ones stand before what they begin with. */
const ELEMENTS = new RegExp(
  [
    "January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST",
    "0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm",
    "-070000|-07:00:00|-0700|-07:00|-07",
    "Z070000|Z07:00:00|Z0700|Z07:00|Z07",
    "[.,](?:0+|9+)(?![0-9])",
  ].join("|"),
  "g",
);
