/** From an ExternalSecret's references to the bytes of each key: fetch, convert, validate, decode, merge. */
import type { ExternalSecretSpec } from "../api/external-secret.ts";
import type { RemoteRef, SecretsClient } from "../providers/contract.ts";
import { InvalidConfiguration, SyncError } from "../providers/errors.ts";
import { SecretMap } from "../providers/secret-map.ts";
import { decodeValue } from "./decode.ts";
import { type Entry, entryError } from "./entry-error.ts";
import { type AbsencePolicy, type EntryProblem, entryProblem, type FetchedData, insteadOf } from "./entry-problems.ts";
import { convertKeys, validateKeys, withoutEmptyKey } from "./secret-keys.ts";

/** A reference to a store, with its kind filled in. */
export interface StoreRef {
  readonly name: string;
  readonly kind: "SecretStore" | "ClusterSecretStore";
}

/** Gives the opened client of a store. @throws SyncError */
export type ClientOf = (storeRef: StoreRef, signal: AbortSignal) => Promise<SecretsClient>;

/** References of one ExternalSecret that are read at the same time. */
const MAX_PARALLEL_READS = 8;

/** What one entry of `data` or `dataFrom` asks for. */
interface Job {
  readonly entry: Entry;
  readonly absence: AbsencePolicy;
  readonly run: (signal: AbortSignal) => Promise<SecretMap>;
}

type Outcome = { readonly value: SecretMap } | { readonly error: unknown };

type RefFields = NonNullable<ExternalSecretSpec["data"]>[number]["remoteRef"];
type SourceRef = NonNullable<ExternalSecretSpec["data"]>[number]["sourceRef"];

function storeRefOf(spec: ExternalSecretSpec, sourceRef: SourceRef | undefined, field: string): StoreRef {
  const ref = sourceRef?.storeRef ?? spec.secretStoreRef;
  if (ref?.name === undefined || ref.name === "") {
    throw new InvalidConfiguration("no store is named", {
      field: sourceRef?.storeRef === undefined ? "spec.secretStoreRef.name" : `${field}.sourceRef.storeRef.name`,
      remedy: "set spec.secretStoreRef.name",
    });
  }
  return { name: ref.name, kind: ref.kind ?? "SecretStore" };
}

function remoteRefOf(ref: RefFields): RemoteRef {
  return {
    key: ref.key,
    ...(ref.property === undefined || ref.property === "" ? {} : { property: ref.property }),
    ...(ref.version === undefined || ref.version === "" ? {} : { version: ref.version }),
    ...(ref.metadataPolicy === undefined ? {} : { metadataPolicy: ref.metadataPolicy }),
  };
}

function refuseNullBytes(value: Uint8Array, policy: string | undefined, what: string): void {
  if (policy === "Fail" && value.includes(0)) {
    throw new InvalidConfiguration(`${what} contains null bytes`, {
      remedy: "remove the null bytes in the backend, or set nullBytePolicy to Ignore",
    });
  }
}

function dataJobs(spec: ExternalSecretSpec, clientOf: ClientOf): Job[] {
  return (spec.data ?? []).map(({ secretKey, remoteRef, sourceRef, optional = false, default: fallback }, index) => {
    const field = `spec.data[${index}]`;
    return {
      entry: { field: `${field}.remoteRef`, remoteKey: remoteRef.key, property: remoteRef.property },
      absence: {
        optional,
        ...(fallback === undefined ? {} : { fallback: new SecretMap([[secretKey, Buffer.from(fallback)]]) }),
      },
      async run(signal) {
        const client = await clientOf(storeRefOf(spec, sourceRef, field), signal);
        const raw = await client.getSecret(remoteRefOf(remoteRef), signal);
        const value = decodeValue(raw, remoteRef.decodingStrategy);
        refuseNullBytes(value, remoteRef.nullBytePolicy, "the value");
        return new SecretMap([[secretKey, value]]);
      },
    };
  });
}

function extractJobs(spec: ExternalSecretSpec, clientOf: ClientOf): Job[] {
  return (spec.dataFrom ?? []).flatMap(({ extract, sourceRef, optional = false }, index): Job[] => {
    if (extract === undefined) return [];
    const field = `spec.dataFrom[${index}]`;
    return [
      {
        entry: { field: `${field}.extract`, remoteKey: extract.key, property: extract.property },
        absence: { optional },
        async run(signal) {
          const client = await clientOf(storeRefOf(spec, sourceRef, field), signal);
          const found = await client.getSecretMap(remoteRefOf(extract), signal);
          const named = withoutEmptyKey(convertKeys(found, extract.conversionStrategy));
          validateKeys(named);
          const decoded = new SecretMap();
          for (const [key, raw] of named) {
            const value = decodeValue(raw, extract.decodingStrategy);
            refuseNullBytes(value, extract.nullBytePolicy, `the value of key ${key}`);
            decoded.set(key, value);
          }
          return decoded;
        },
      },
    ];
  });
}

async function settle(job: Job, signal: AbortSignal): Promise<Outcome> {
  try {
    return { value: await job.run(signal) };
  } catch (error) {
    return { error };
  }
}

/** Runs all jobs, a few at a time; results stand in the order of the jobs. Stops early only on an abort. */
async function settleAll(jobs: readonly Job[], signal: AbortSignal): Promise<Outcome[]> {
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
function errorOf(failed: readonly { readonly job: Job; readonly error: unknown }[]): unknown {
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
  clientOf: ClientOf,
  signal: AbortSignal,
): Promise<FetchedData> {
  const jobs = [...extractJobs(spec, clientOf), ...dataJobs(spec, clientOf)];
  const outcomes = await settleAll(jobs, signal);
  const data = new SecretMap();
  const absences: EntryProblem[] = [];
  const failed: { readonly job: Job; readonly error: unknown }[] = [];
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
