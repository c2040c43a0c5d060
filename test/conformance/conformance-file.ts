/** Reads files of conformance cases: `<kind>.json` with a list of cases, whose form the kind decides. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** One case as it stands in the file; the kind's own code knows the rest of its fields. */
export interface ConformanceCase {
  readonly name: string;
  readonly [field: string]: unknown;
}

export interface ConformanceFile {
  /** The base name of the file, without `.json`. */
  readonly kind: string;
  readonly cases: readonly ConformanceCase[];
}

/** What became of one case. */
export interface CaseResult {
  readonly name: string;
  readonly passed: boolean;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Runs one case. Throws only where the case itself makes no sense. */
export type CaseRunner = (each: ConformanceCase) => CaseResult | Promise<CaseResult>;

/** @throws Error naming the file where it cannot be read or holds no cases. */
export async function readConformanceFile(path: string): Promise<ConformanceFile> {
  const content: unknown = JSON.parse(await readFile(path, "utf8"));
  if (!isRecord(content) || !Array.isArray(content.cases)) throw new Error(`${path}: no list "cases"`);
  return {
    kind: basename(path, ".json"),
    cases: content.cases.map((each, index) => asCase(each, `${path}: case ${index}`)),
  };
}

/** The cases of a kind in the folder that CONFORMANCE_DIR names; empty where the variable is unset. */
export async function conformanceCases(kind: string): Promise<readonly ConformanceCase[]> {
  const folder = process.env.CONFORMANCE_DIR;
  if (folder === undefined || folder === "") return [];
  return (await readConformanceFile(join(folder, `${kind}.json`))).cases;
}

function asCase(value: unknown, where: string): ConformanceCase {
  if (!isRecord(value) || typeof value.name !== "string") throw new Error(`${where} has no name`);
  return { ...value, name: value.name };
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
