/** The kinds of conformance cases that need a cluster, by the base name of their file. */
import type { CaseResult, ConformanceCase } from "../conformance-file.ts";

/** Runs all cases of a kind together, on servers of their own; results are in the order of the cases. */
export type ClusterCasesRunner = (cases: readonly ConformanceCase[]) => Promise<readonly CaseResult[]>;

/** Loaded when used: who runs the other kinds needs none of it. */
export const CLUSTER_KINDS: ReadonlyMap<string, ClusterCasesRunner> = new Map<string, ClusterCasesRunner>([
  ["controller", async (cases) => (await import("./controller-cases.ts")).runControllerCases(cases)],
  ["e2e_common", async (cases) => (await import("./e2e-cases.ts")).runE2eCases(cases)],
]);
