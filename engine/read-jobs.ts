/** What the entries of `data` and `dataFrom` ask for, one job each: read, rewrite or convert, validate, decode. */
import type { ExternalSecretSpec } from "../api/external-secret.ts";
import type { FindRef, RemoteRef, SecretsClient } from "../providers/contract.ts";
import { InvalidConfiguration } from "../providers/errors.ts";
import { SecretMap } from "../providers/secret-map.ts";
import { decodeValue } from "./decode.ts";
import type { Entry } from "./entry-error.ts";
import type { AbsencePolicy } from "./entry-problems.ts";
import { refuseNullBytes } from "./null-bytes.ts";
import { rewriteKeys } from "./rewrite/index.ts";
import { convertKeys, validateKeys, withoutEmptyKey } from "./secret-keys.ts";
import type { TemplateEngine } from "./template-engine.ts";

/** A reference to a store, with its kind filled in. */
export interface StoreRef {
  readonly name: string;
  readonly kind: "SecretStore" | "ClusterSecretStore";
}

/** What reading takes. */
export interface ReadParts {
  /** Gives the opened client of a store. @throws SyncError */
  readonly clientOf: (storeRef: StoreRef, signal: AbortSignal) => Promise<SecretsClient>;
  /** For `rewrite.transform`. */
  readonly engine: TemplateEngine;
}

/** One entry of `data` or `dataFrom`. */
export interface ReadJob {
  readonly entry: Entry;
  readonly absence: AbsencePolicy;
  /** @throws SyncError */
  readonly run: (signal: AbortSignal) => Promise<SecretMap>;
}

type DataEntry = NonNullable<ExternalSecretSpec["data"]>[number];
type DataFromEntry = NonNullable<ExternalSecretSpec["dataFrom"]>[number];
/** Strategies of an `extract` or `find`. */
type Strategies = Pick<
  NonNullable<DataFromEntry["extract"]>,
  "conversionStrategy" | "decodingStrategy" | "nullBytePolicy"
>;

/** The jobs in the order in which their results override each other: `dataFrom`, then `data`. */
export function readJobs(spec: ExternalSecretSpec, parts: ReadParts): ReadJob[] {
  return [
    ...(spec.dataFrom ?? []).flatMap((entry, index) => dataFromJob(spec, entry, `spec.dataFrom[${index}]`, parts)),
    ...(spec.data ?? []).map((entry, index) => dataJob(spec, entry, `spec.data[${index}]`, parts)),
  ];
}

function dataJob(spec: ExternalSecretSpec, entry: DataEntry, field: string, { clientOf }: ReadParts): ReadJob {
  const { secretKey, remoteRef, sourceRef, optional = false, default: fallback } = entry;
  return {
    entry: { field: `${field}.remoteRef`, remoteKey: remoteRef.key, property: remoteRef.property },
    absence: {
      optional,
      ...(fallback === undefined ? {} : { fallback: new SecretMap([[secretKey, Buffer.from(fallback)]]) }),
    },
    async run(signal) {
      const client = await clientOf(storeRefOf(spec, sourceRef, field), signal);
      const raw = await client.getSecret(remoteRefOf(remoteRef), signal);
      const data = new SecretMap([[secretKey, decodeValue(raw, remoteRef.decodingStrategy)]]);
      refuseNullBytes(data, remoteRef.nullBytePolicy);
      return data;
    },
  };
}

function dataFromJob(spec: ExternalSecretSpec, entry: DataFromEntry, field: string, parts: ReadParts): ReadJob[] {
  const { extract, find, optional = false } = entry;
  const absence = { optional };
  const client = (signal: AbortSignal) => parts.clientOf(storeRefOf(spec, entry.sourceRef, field), signal);
  if (find !== undefined) {
    return [
      {
        entry: { field: `${field}.find`, remoteKey: find.name?.regexp ?? find.path ?? "" },
        absence,
        async run(signal) {
          const found = await (await client(signal)).findSecrets(findRefOf(find), signal);
          return processed(found, entry.rewrite, find, parts.engine);
        },
      },
    ];
  }
  if (extract === undefined) return [];
  return [
    {
      entry: { field: `${field}.extract`, remoteKey: extract.key, property: extract.property },
      absence,
      async run(signal) {
        const found = await (await client(signal)).getSecretMap(remoteRefOf(extract), signal);
        return processed(found, entry.rewrite, extract, parts.engine);
      },
    },
  ];
}

/** A rewrite takes the place of the conversion of keys, as in ESO. */
function processed(
  found: SecretMap,
  rewrite: DataFromEntry["rewrite"],
  { conversionStrategy, decodingStrategy, nullBytePolicy }: Strategies,
  engine: TemplateEngine,
): SecretMap {
  const isRewritten = rewrite !== undefined && rewrite.length > 0;
  const renamed = isRewritten ? rewriteKeys(rewrite, found, engine) : convertKeys(found, conversionStrategy);
  const named = withoutEmptyKey(renamed);
  validateKeys(named);
  const decoded = new SecretMap();
  for (const [key, raw] of named) decoded.set(key, decodeValue(raw, decodingStrategy));
  refuseNullBytes(decoded, nullBytePolicy);
  return decoded;
}

function storeRefOf(spec: ExternalSecretSpec, sourceRef: DataEntry["sourceRef"], field: string): StoreRef {
  const ref = sourceRef?.storeRef ?? spec.secretStoreRef;
  if (ref?.name === undefined || ref.name === "") {
    throw new InvalidConfiguration("no store is named", {
      field: sourceRef?.storeRef === undefined ? "spec.secretStoreRef.name" : `${field}.sourceRef.storeRef.name`,
      remedy: "set spec.secretStoreRef.name",
    });
  }
  return { name: ref.name, kind: ref.kind ?? "SecretStore" };
}

function remoteRefOf(ref: DataEntry["remoteRef"]): RemoteRef {
  return {
    key: ref.key,
    ...(ref.property === undefined || ref.property === "" ? {} : { property: ref.property }),
    ...(ref.version === undefined || ref.version === "" ? {} : { version: ref.version }),
    ...(ref.metadataPolicy === undefined ? {} : { metadataPolicy: ref.metadataPolicy }),
  };
}

function findRefOf({ name, path, tags }: NonNullable<DataFromEntry["find"]>): FindRef {
  return {
    ...(name?.regexp === undefined || name.regexp === "" ? {} : { nameRegexp: name.regexp }),
    ...(path === undefined || path === "" ? {} : { path }),
    ...(tags === undefined || Object.keys(tags).length === 0 ? {} : { tags }),
  };
}
