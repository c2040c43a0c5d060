/** Reads files of conformance cases: `<kind>.json` with a list of cases, whose form the kind decides. */
import { existsSync } from "node:fs";
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

/** What a case expects and what we give, as far as the two are comparable. */
export interface Comparison {
  readonly passed: boolean;
  readonly expected: unknown;
  readonly got: unknown;
}

/** What became of one case. */
export interface CaseResult extends Comparison {
  readonly name: string;
}

/** Runs one case. Throws only where the case itself makes no sense. */
export type CaseRunner = (each: ConformanceCase) => Comparison | Promise<Comparison>;

/** The kind that a file's name stands for. */
export function kindOf(path: string): string {
  return basename(path, ".json");
}

/** @throws Error naming the file where it cannot be read or holds no cases. */
export async function readConformanceFile(path: string): Promise<ConformanceFile> {
  const content: unknown = JSON.parse(await readFile(path, "utf8"));
  if (!isRecord(content) || !Array.isArray(content.cases)) throw new Error(`${path}: no list "cases"`);
  return {
    kind: kindOf(path),
    cases: content.cases.map((each: unknown, index) => {
      if (!isRecord(each)) throw new Error(`${path}: case ${index} is no object`);
      return { ...each, name: nameOf(each) };
    }),
  };
}

/** The cases of a kind in the folder that CONFORMANCE_DIR names; none where the variable is unset or the file is not there. */
export async function conformanceCases(kind: string): Promise<readonly ConformanceCase[]> {
  const folder = process.env.CONFORMANCE_DIR;
  if (folder === undefined || folder === "") return [];
  const path = join(folder, `${kind}.json`);
  return existsSync(path) ? (await readConformanceFile(path)).cases : [];
}

/** The case's own name, or what it calls with what. */
export function nameOf(each: Readonly<Record<string, unknown>>): string {
  if (typeof each.name === "string") return each.name;
  return [each.fn, each.in, each.path].flatMap((part) => (part === undefined ? [] : [asText(part)])).join(" ");
}

const asText = (part: unknown): string => (typeof part === "string" ? part : JSON.stringify(part)).slice(0, 80);

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of what should be an object; none where it is none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
