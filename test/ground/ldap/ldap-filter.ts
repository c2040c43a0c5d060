/** Filters of LDAP searches: and, or, not, equality and presence. */
import { type BerElement, elementsOf } from "./ber.ts";

/** Attributes of an entry by their names in small letters. */
export type Attributes = Readonly<Record<string, readonly string[]>>;

const AND = 0xa0;
const OR = 0xa1;
const NOT = 0xa2;
const EQUAL = 0xa3;
const PRESENT = 0x87;

/** Whether the entry matches; names and values without regard to capital letters. @throws for another kind of filter. */
export function filterMatches({ tag, content }: BerElement, attributes: Attributes): boolean {
  const valuesOf = (name: string) => attributes[name.toLowerCase()] ?? [];
  switch (tag) {
    case AND:
      return elementsOf(content).every((each) => filterMatches(each, attributes));
    case OR:
      return elementsOf(content).some((each) => filterMatches(each, attributes));
    case NOT:
      return !elementsOf(content).every((each) => filterMatches(each, attributes));
    case EQUAL: {
      const [name = "", value = ""] = elementsOf(content).map((each) => each.content.toString("utf8"));
      return valuesOf(name).some((each) => each.toLowerCase() === value.toLowerCase());
    }
    case PRESENT:
      return valuesOf(content.toString("utf8")).length > 0;
    default:
      throw new Error(`filter 0x${tag.toString(16)} is not implemented`);
  }
}
