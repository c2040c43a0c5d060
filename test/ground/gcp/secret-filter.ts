/** Filters of Secret Manager's lists: `name:part`, `labels.team=blue`, `labels.team:*`, `state:ENABLED`, negated, with AND. */
import { apiFault } from "./google-message.ts";

/** What a filter looks at. */
export interface Filtered {
  readonly name: string;
  readonly state?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const TERM = /^(-|NOT )?(name|state|labels\.[\w-]+)(:|=)"?([^"]*)"?$/;

/** @throws GoogleFault for what this emulator does not know. */
export function filterOf(text: string): (item: Filtered) => boolean {
  const terms = text
    .trim()
    .replace(/\bNOT\s+/g, "-")
    .split(/\s+/)
    .filter((term) => term !== "" && term !== "AND");
  const tests = terms.map(termOf);
  return (item) => tests.every((test) => test(item));
}

function termOf(term: string): (item: Filtered) => boolean {
  const [, negation, field = "", operator, wanted = ""] = TERM.exec(term) ?? [];
  if (operator === undefined) throw apiFault("INVALID_ARGUMENT", `Invalid filter: ${term}`);
  const matches = (item: Filtered) => {
    const value = fieldOf(item, field);
    if (operator === "=") return value === wanted;
    if (wanted === "*") return value !== undefined;
    return value?.toLowerCase().includes(wanted.toLowerCase()) ?? false;
  };
  return negation === undefined ? matches : (item) => !matches(item);
}

function fieldOf({ name, state, labels }: Filtered, field: string): string | undefined {
  if (field === "name") return name.slice(name.lastIndexOf("/") + 1);
  return field === "state" ? state : labels?.[field.slice("labels.".length)];
}
