/** Sprig's functions of defaults, and of control: `ternary`, `fail`. */
import { GoError, type GoFunction } from "../go-value.ts";
import { asBool, asString, define } from "./define.ts";
import { isEmpty } from "./empty.ts";

/** For a message that was put together and so might hold a value. */
const FAIL_WITHOUT_MESSAGE = "the template failed (its message is not shown, as it is no literal of the template)";

/** The functions by their names in sprig. */
export function defaultFunctions(): GoFunction[] {
  const any = "interface {}";
  return [
    define("default", [any], ([otherwise, given]) => (isEmpty(given) ? otherwise : given), any),
    define("empty", [any], ([value]) => isEmpty(value)),
    define("coalesce", [], (args) => args.find((value) => !isEmpty(value)) ?? null, any),
    define("all", [], (args) => !args.some(isEmpty), any),
    define("any", [], (args) => args.some((value) => !isEmpty(value)), any),
    define("ternary", [any, any, "bool"], ([yes, no, condition]) => (asBool(condition) ? yes : no)),
    define("fail", ["string"], ([message]) => {
      throw new GoError((isLiteral) => (isLiteral(0) ? asString(message) : FAIL_WITHOUT_MESSAGE));
    }),
  ];
}
