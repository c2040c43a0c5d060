/** The functions that templates may call: sprig's and ESO's own. */
import { yamlFunctions } from "../../yaml/functions.ts";
import { cryptoFunctions } from "../crypto/index.ts";
import type { FunctionMap } from "../go-value.ts";
import { sprigFunctions } from "./sprig.ts";

/** All 227 functions by name. Each call makes a new map. */
export function functionMap(): FunctionMap {
  return new Map([
    ...sprigFunctions().map((fn): [string, typeof fn] => [fn.name, fn]),
    ...cryptoFunctions(),
    ...yamlFunctions(),
  ]);
}
