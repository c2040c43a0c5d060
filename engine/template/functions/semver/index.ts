/** Sprig's functions of semantic versions. */
import type { GoFunction } from "../../go-value.ts";
import { asString, define } from "../define.ts";
import { ConstraintReader, meets } from "./constraint.ts";
import { parseVersion } from "./version.ts";
import { versionPointer } from "./version-value.ts";

/** The functions by their names in sprig. */
export function semverFunctions(): GoFunction[] {
  let reader: ConstraintReader | undefined;
  return [
    define("semver", ["string"], ([text]) => versionPointer(parseVersion(asString(text), 0))),
    define("semverCompare", ["string", "string"], ([constraint, text], context) => {
      context.spend(asString(constraint).length * 100);
      reader ??= new ConstraintReader();
      const constraints = reader.read(asString(constraint));
      return meets(parseVersion(asString(text), 1), constraints);
    }),
  ];
}
