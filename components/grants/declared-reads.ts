/** Tells the stores of a program what an ExternalSecret reads through them. */
import { type Input, type Output, output } from "@pulumi/pulumi";
import type { ExternalSecretData, ExternalSecretDataFrom, ExternalSecretRemoteRef } from "../../api/external-secret.ts";
import { isPlain } from "../plain-input.ts";
import type { ExternalSecretSpecArgs } from "../spec-args.generated.ts";
import type { DeclarationRegistry, ReadDeclaration } from "./declarations.ts";
import type { RemoteRead } from "./remote-read.ts";
import { grantsOf } from "./store-ref.ts";

type Entry = Partial<ExternalSecretData & ExternalSecretDataFrom>;

/** An ExternalSecret as the program wrote it. */
export interface DeclaredExternalSecret {
  /** Its Pulumi name. */
  readonly name: string;
  readonly namespace: Output<string> | undefined;
  readonly spec: Input<ExternalSecretSpecArgs>;
  /** Of the argument `store`; unset: `spec.secretStoreRef` is looked at. */
  readonly storeRef: unknown;
}

/**
 * Registers the reads of `data` and `dataFrom` with the stores whose tagged references the spec names, as far as these
 * can be seen without waiting: an entry inside of an Output counts for the ExternalSecret's own store, unless it turns
 * out to name another source. The references themselves are never resolved: they depend on the grants.
 * @throws Error where a store has stopped collecting.
 */
export function declareReads({ name, namespace, spec, storeRef }: DeclaredExternalSecret): void {
  const plain = isPlain(spec) ? spec : undefined;
  const own = grantsOf(storeRef ?? plain?.secretStoreRef);
  if (plain === undefined) own?.register({ externalSecret: name, namespace, reads: readsOfSpec(spec) });
  for (const list of [plain?.data, plain?.dataFrom]) {
    for (const entry of entriesOf(list)) {
      const reads = readsOfList(withoutSource(entry));
      registryOf(entry, own)?.register({ externalSecret: name, namespace, reads, ...kindOf(entry) });
    }
  }
}

/** What an entry reads, as far as it shows without waiting. */
function kindOf(entry: unknown): Pick<ReadDeclaration, "kind"> {
  if (!isPlain(entry) || Array.isArray(entry)) return {};
  if ("remoteRef" in entry || "extract" in entry) return { kind: "key" };
  return "find" in entry ? { kind: "find" } : {};
}

/** The entries one by one; a list that is not there yet counts as one entry. */
function entriesOf(list: unknown): readonly unknown[] {
  if (list === undefined) return [];
  return Array.isArray(list) ? list : [list];
}

function registryOf(entry: unknown, own: DeclarationRegistry | undefined): DeclarationRegistry | undefined {
  if (!isPlain(entry) || !("sourceRef" in entry) || entry.sourceRef === undefined) return own;
  const { sourceRef } = entry;
  return isPlain(sourceRef) && "storeRef" in sourceRef ? grantsOf(sourceRef.storeRef) : undefined;
}

function withoutSource(entry: unknown): unknown {
  if (!isPlain(entry) || !("sourceRef" in entry)) return entry;
  const { sourceRef: _, ...rest } = entry;
  return rest;
}

function readsOfSpec(spec: Input<ExternalSecretSpecArgs>): Output<readonly RemoteRead[]> {
  return (output(spec) as Output<unknown>).apply((resolved) => {
    const { data, dataFrom } = resolved as { data?: readonly Entry[]; dataFrom?: readonly Entry[] };
    return [...(data ?? []), ...(dataFrom ?? [])].flatMap(readsOfEntry);
  });
}

function readsOfList(entries: unknown): Output<readonly RemoteRead[]> {
  return (output(entries) as Output<unknown>).apply((resolved) =>
    (Array.isArray(resolved) ? resolved : [resolved]).flatMap((entry: Entry) => readsOfEntry(entry)),
  );
}

function readsOfEntry({ remoteRef, extract, find, sourceRef }: Entry): readonly RemoteRead[] {
  if (sourceRef !== undefined) return [];
  return [...keyReads(remoteRef), ...keyReads(extract), ...(find === undefined ? [] : [findRead(find)])];
}

function keyReads(ref: ExternalSecretRemoteRef | undefined): readonly RemoteRead[] {
  if (ref === undefined) return [];
  const { key, property, version, metadataPolicy } = ref;
  return [
    {
      ...{ kind: "key", key },
      ...(property === undefined ? {} : { property }),
      ...(version === undefined ? {} : { version }),
      ...(metadataPolicy === "Fetch" ? { metadata: true } : {}),
    },
  ];
}

function findRead({ name, path, tags }: NonNullable<ExternalSecretDataFrom["find"]>): RemoteRead {
  return {
    kind: "find",
    ...(name?.regexp === undefined ? {} : { name: name.regexp }),
    ...(path === undefined ? {} : { path }),
    ...(tags === undefined ? {} : { tags }),
  };
}
