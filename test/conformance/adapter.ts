/** Runs single conformance cases against our code. */
import { type CaseResult, kindOf, nameOf } from "./conformance-file.ts";
import { CONFORMANCE_KINDS } from "./kinds.ts";

/**
 * Runs one case. A case that throws has failed, with the error as what it got.
 * @param file its path or base name, with or without `.json`: the kind of the case
 * @param each the case as it stands in the file
 * @throws Error for a kind that is not known
 */
export async function run(file: string, each: Readonly<Record<string, unknown>>): Promise<CaseResult> {
  const kind = kindOf(file);
  const runner = CONFORMANCE_KINDS.get(kind);
  if (runner === undefined) {
    throw new Error(`${file}: unknown kind "${kind}"; known are ${[...CONFORMANCE_KINDS.keys()].join(", ")}`);
  }
  const name = nameOf(each);
  try {
    return { name, ...(await runner({ ...each, name })) };
  } catch (error) {
    return { name, passed: false, expected: "a result", got: String(error) };
  }
}
