/** Reads all entries of an ExternalSecret, a few at a time, and merges what they gave. */
import type { ExternalSecretSpec } from "../api/external-secret.ts";
import { SyncError } from "../providers/errors.ts";
import { SecretMap } from "../providers/secret-map.ts";
import { entryError } from "./entry-error.ts";
import { type EntryProblem, entryProblem, type FetchedData, insteadOf } from "./entry-problems.ts";
import { type ReadJob, type ReadParts, readJobs } from "./read-jobs.ts";

export type { ReadParts, StoreRef } from "./read-jobs.ts";

/** References of one ExternalSecret that are read at the same time. */
const MAX_PARALLEL_READS = 8;

type Outcome = { readonly value: SecretMap } | { readonly error: unknown };

async function settle(job: ReadJob, signal: AbortSignal): Promise<Outcome> {
  try {
    return { value: await job.run(signal) };
  } catch (error) {
    return { error };
  }
}

/** Runs all jobs, a few at a time; results stand in the order of the jobs. Stops early only on an abort. */
async function settleAll(jobs: readonly ReadJob[], signal: AbortSignal): Promise<Outcome[]> {
  const outcomes: Outcome[] = new Array(jobs.length);
  const remaining = jobs.entries();
  const worker = async (): Promise<void> => {
    for (const [index, job] of remaining) {
      signal.throwIfAborted();
      outcomes[index] = await settle(job, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(MAX_PARALLEL_READS, jobs.length) }, worker));
  return outcomes;
}

/** A defect of ours or an abort goes before what a backend said. */
function errorOf(failed: readonly { readonly job: ReadJob; readonly error: unknown }[]): unknown {
  const unexpected = failed.find(({ error }) => !(error instanceof SyncError));
  if (unexpected !== undefined) return unexpected.error;
  const [first] = failed;
  return first === undefined ? undefined : entryError(first.error, first.job.entry, failed.length - 1);
}

/**
 * Reads all that the spec names: `dataFrom` in order (later wins), then `data` in order over it. What failed is part of the result.
 * @throws the signal's reason on an abort.
 */
export async function fetchSecretData(
  spec: ExternalSecretSpec,
  parts: ReadParts,
  signal: AbortSignal,
): Promise<FetchedData> {
  const jobs = readJobs(spec, parts);
  const outcomes = await settleAll(jobs, signal);
  const data = new SecretMap();
  const absences: EntryProblem[] = [];
  const failed: { readonly job: ReadJob; readonly error: unknown }[] = [];
  for (const [index, job] of jobs.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    if ("value" in outcome) {
      for (const [key, value] of outcome.value) data.set(key, value);
      continue;
    }
    const { error } = outcome;
    const instead = insteadOf(error, job.absence, spec.target);
    if (instead === undefined || !(error instanceof SyncError)) failed.push({ job, error });
    else absences.push(entryProblem(error, job.entry, instead));
    if (instead === "default") for (const [key, value] of job.absence.fallback ?? []) data.set(key, value);
  }
  const failures = failed.flatMap(({ job, error }) =>
    error instanceof SyncError ? [entryProblem(error, job.entry, undefined)] : [],
  );
  return { data, absences, failures, error: errorOf(failed) };
}
