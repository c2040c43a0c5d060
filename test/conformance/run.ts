/**
 * `node test/conformance/run.ts FILE|FOLDER…`: runs files of conformance cases, each taken for the kind that its base name
 * says; of a folder, those whose kind is known. Prints each failure and last `N passed, N failed`.
 * Exit status: 0 all passed, 1 any failed, 2 any file could not be run.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./adapter.ts";
import { CLUSTER_KINDS } from "./cluster/cluster-kinds.ts";
import { differenceOf } from "./cluster/named-differences.ts";
import { type CaseResult, kindOf, readConformanceFile } from "./conformance-file.ts";
import { CONFORMANCE_KINDS } from "./kinds.ts";

async function filesOf(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const isKnown = (kind: string) => CONFORMANCE_KINDS.has(kind) || CLUSTER_KINDS.has(kind);
  const names = (await readdir(path)).filter((name) => name.endsWith(".json") && isKnown(kindOf(name)));
  if (names.length === 0) throw new Error(`${path}: no file of a known kind`);
  return names.sort().map((name) => join(path, name));
}

async function resultsOf(path: string): Promise<readonly CaseResult[]> {
  const { kind, cases } = await readConformanceFile(path);
  const runTogether = CLUSTER_KINDS.get(kind);
  if (runTogether !== undefined) return runTogether(cases);
  const results: CaseResult[] = [];
  for (const each of cases) results.push(await run(path, each));
  return results;
}

/** JSON of anything: 64-bit integers as their digits, nothing as null. */
const shown = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));

function printFailure(path: string, { name, expected, got }: CaseResult): void {
  const difference = differenceOf(kindOf(path), name);
  const reason = difference === undefined ? "" : ` (docs/compatibility.md: ${difference})`;
  console.log(`FAILED ${path}: ${name}${reason}\n  expected ${shown(expected)}\n  got      ${shown(got)}`);
}

const counts = { passed: 0, failed: 0, unrunnable: 0 };

async function runFile(path: string): Promise<void> {
  for (const result of await resultsOf(path)) {
    counts[result.passed ? "passed" : "failed"] += 1;
    if (!result.passed) printFailure(path, result);
  }
}

/** What cannot be run is told, and the rest goes on. */
async function tellErrors<T>(attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt;
  } catch (error) {
    counts.unrunnable += 1;
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

for (const path of process.argv.slice(2)) {
  for (const file of (await tellErrors(filesOf(path))) ?? []) await tellErrors(runFile(file));
}
if (process.argv.length === 2) {
  counts.unrunnable += 1;
  console.error("error: name at least one file or folder of conformance cases");
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.unrunnable > 0 ? 2 : counts.failed > 0 ? 1 : 0;
