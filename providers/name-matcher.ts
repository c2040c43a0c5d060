/** `dataFrom[].find.name.regexp` as a test on names. */
import { RE2JS, RE2JSSyntaxException } from "re2js";
import { InvalidConfiguration } from "./errors.ts";

/**
 * A test whether an RE2 expression matches anywhere in a name; without an expression every name passes.
 * @throws InvalidConfiguration where the expression does not compile.
 */
export function nameMatcher(regexp: string | undefined): (name: string) => boolean {
  if (regexp === undefined) return () => true;
  const compiled = compile(regexp);
  return (name) => compiled.matcher(name).find();
}

function compile(regexp: string): RE2JS {
  try {
    return RE2JS.compile(regexp);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new InvalidConfiguration(`dataFrom[].find.name.regexp "${regexp}" does not compile: ${error.message}`, {
      field: "spec.dataFrom[].find.name.regexp",
      remedy: "write it in RE2 syntax",
      cause: error,
    });
  }
}
