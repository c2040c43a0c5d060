/** Runs the cases of one conformance file. */
import type { CaseResult, CaseRunner, ConformanceFile } from "./conformance-file.ts";

/** The results in the order of the cases. A case that throws has failed, with the error as what it got. */
export async function runCases(file: ConformanceFile, run: CaseRunner): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of file.cases) {
    try {
      results.push(await run(each));
    } catch (error) {
      results.push({ name: each.name, passed: false, expected: "a result", got: String(error) });
    }
  }
  return results;
}
