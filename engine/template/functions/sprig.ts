/** The functions of sprig 3.3 but its cryptographic ones. */
import type { GoFunction } from "../go-value.ts";
import { dateFunctions } from "./dates.ts";
import { defaultFunctions } from "./defaults.ts";
import { dictFunctions } from "./dicts.ts";
import { encodingFunctions } from "./encoding.ts";
import { jsonFunctions } from "./json/index.ts";
import { listFunctions } from "./lists.ts";
import { mathFunctions } from "./math.ts";
import { pathFunctions } from "./paths.ts";
import { randomFunctions } from "./random.ts";
import { reflectionFunctions } from "./reflection.ts";
import { regexFunctions } from "./regex/index.ts";
import { semverFunctions } from "./semver/index.ts";
import { sequenceFunctions } from "./sequences.ts";
import { stringCaseFunctions } from "./string-case.ts";
import { stringConversionFunctions } from "./string-conversion.ts";
import { stringLayoutFunctions } from "./string-layout.ts";
import { stringFunctions } from "./strings.ts";
import { urlFunctions } from "./url/index.ts";

/**
 * Sprig's functions without cryptography, and without `env`, `expandenv` and `getHostByName`. Each call makes new ones, which
 * keep the regular expressions and time zones that they used last.
 */
export function sprigFunctions(): GoFunction[] {
  return [
    ...stringFunctions(),
    ...stringCaseFunctions(),
    ...stringLayoutFunctions(),
    ...stringConversionFunctions(),
    ...encodingFunctions(),
    ...mathFunctions(),
    ...sequenceFunctions(),
    ...listFunctions(),
    ...dictFunctions(),
    ...defaultFunctions(),
    ...jsonFunctions(),
    ...reflectionFunctions(),
    ...regexFunctions(),
    ...dateFunctions(),
    ...pathFunctions(),
    ...urlFunctions(),
    ...semverFunctions(),
    ...randomFunctions(),
  ];
}
