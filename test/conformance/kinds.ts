/** The kinds of conformance cases that can be run, by the base name of their file. */
import type { CaseRunner } from "./conformance-file.ts";
import { runValidationCase } from "./validation-cases.ts";

/** Kinds whose cases each run by themselves, without any server. */
export const CONFORMANCE_KINDS: ReadonlyMap<string, CaseRunner> = new Map<string, CaseRunner>([
  ["validation", runValidationCase],
]);
