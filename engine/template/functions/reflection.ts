/** Sprig's functions of types and kinds. */
import { kindName, typeName } from "../fmt/index.ts";
import type { GoFunction } from "../go-value.ts";
import { deepCopy } from "./deep-copy.ts";
import { deepEqual } from "./deep-equal.ts";
import { asString, define } from "./define.ts";

/** The functions by their names in sprig. */
export function reflectionFunctions(): GoFunction[] {
  const any = "interface {}";
  return [
    define("typeOf", [any], ([value]) => typeName(value)),
    define("typeIs", ["string", any], ([name, value]) => asString(name) === typeName(value)),
    define("typeIsLike", ["string", any], ([name, value]) => {
      const type = typeName(value);
      return type === asString(name) || type === `*${asString(name)}`;
    }),
    define("kindOf", [any], ([value]) => kindName(value)),
    define("kindIs", ["string", any], ([name, value]) => asString(name) === kindName(value)),
    define("deepEqual", [any, any], ([a, b], context) => deepEqual(a, b, context)),
    define("deepCopy", [any], ([value], context) => deepCopy(value, context)),
    define("mustDeepCopy", [any], ([value], context) => deepCopy(value, context)),
  ];
}
