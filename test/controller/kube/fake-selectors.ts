/** Label and field selectors, as the fake API server understands them. */
import type { FakeObject } from "./fake-object-store.ts";

/** Equality, inequality, existence and sets: `a=b,c!=d,e,!f,g in (h,i)`. */
export function matchesLabels(object: FakeObject, selector: string): boolean {
  const labels = object.metadata.labels ?? {};
  return requirementsOf(selector).every((requirement) => {
    const set = /^(\S+)\s+(in|notin)\s+\((.*)\)$/.exec(requirement);
    if (set !== null) {
      const [, key = "", operator, list = ""] = set;
      const isIn = list.split(",").some((value) => value.trim() === labels[key]);
      return operator === "in" ? isIn : !isIn;
    }
    const pair = /^([^!=]+)(!=|==?)(.*)$/.exec(requirement);
    if (pair !== null) {
      const [, key = "", operator, value] = pair;
      return operator === "!=" ? labels[key.trim()] !== value?.trim() : labels[key.trim()] === value?.trim();
    }
    return requirement.startsWith("!") ? !(requirement.slice(1) in labels) : requirement in labels;
  });
}

/** Equality of any path: `metadata.name=x,type=Opaque`. */
export function matchesFields(object: FakeObject, selector: string): boolean {
  return selector.split(",").every((requirement) => {
    const [path = "", value = ""] = requirement.split(/==?/);
    let found: unknown = object;
    for (const step of path.split(".")) found = (found as Record<string, unknown> | undefined)?.[step];
    return String(found ?? "") === value;
  });
}

/** Commas within parentheses do not divide. */
function requirementsOf(selector: string): string[] {
  return (selector.match(/(?:[^,(]|\([^)]*\))+/g) ?? []).map((each) => each.trim()).filter((each) => each !== "");
}
