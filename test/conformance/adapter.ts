/**
 * `node test/conformance/adapter.ts FILE…`: runs files of conformance cases, each taken for the kind that its base name says.
 * Prints each failure and last `N passed, N failed`. Exit status: 0 all passed, 1 any failed, 2 any file could not be run.
 */
import { type CaseResult, readConformanceFile } from "./conformance-file.ts";
import { CONFORMANCE_KINDS } from "./kinds.ts";
import { runCases } from "./run-cases.ts";

async function resultsOf(path: string): Promise<readonly CaseResult[]> {
  const file = await readConformanceFile(path);
  const run = CONFORMANCE_KINDS.get(file.kind);
  if (run === undefined) {
    throw new Error(`${path}: unknown kind "${file.kind}"; known are ${[...CONFORMANCE_KINDS.keys()].join(", ")}`);
  }
  return runCases(file, run);
}

function printFailure(path: string, { name, expected, got }: CaseResult): void {
  console.log(`FAILED ${path}: ${name}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(got)}`);
}

const paths = process.argv.slice(2);
let passed = 0;
let failed = 0;
let unrunnable = 0;
for (const path of paths) {
  try {
    const results = await resultsOf(path);
    const failures = results.filter((result) => !result.passed);
    for (const failure of failures) printFailure(path, failure);
    failed += failures.length;
    passed += results.length - failures.length;
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    unrunnable += 1;
  }
}
if (paths.length === 0) console.error("error: name at least one file of conformance cases");
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = unrunnable > 0 || paths.length === 0 ? 2 : failed > 0 ? 1 : 0;
