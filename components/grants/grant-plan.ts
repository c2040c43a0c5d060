/** What a store's policy must grant, and how that compares with what is read: the part that all clouds share. */
import { all, type Input, type Output, output } from "@pulumi/pulumi";
import type { DeclaredRead, GrantDeclarations, GrantsClose, KnownReads } from "./declarations.ts";
import { isKnown } from "./known-output.ts";
import { describeRead, distinctReads, type RemoteRead } from "./remote-read.ts";

/** A read that a program grants by hand: a secret's key as `remoteRef.key` has it, or a search. */
export type GrantedRead = string | RemoteRead;

/** How a store's policy is made. Default of all: it grants what the program's ExternalSecrets read through the store. */
export interface GrantsArgs {
  /**
   * What else is read through the store, by manifests outside of this program. Granted in addition; what no
   * ExternalSecret of this program reads is in `unusedGrants`. Default: nothing.
   */
  readonly additional?: Input<Input<GrantedRead>[]>;
  /**
   * The whole list: exactly this is granted and nothing more, whatever the program reads; `missingGrants` tells what it
   * reads beyond it. May not be set together with `additional`. Default: the policy follows the ExternalSecrets.
   */
  readonly secrets?: Input<Input<GrantedRead>[]>;
  /**
   * When the store stops collecting what ExternalSecrets read. `automatic`: when the program first waits after the store
   * was made. `explicit`: when it calls `closeGrants()`, for programs that `await` in between. Default: `automatic`.
   */
  readonly close?: GrantsClose;
}

/** What is known of what to grant. */
export interface KnownGrants {
  /** As `granted` of the plan, without what is not known. */
  readonly granted: readonly RemoteRead[];
  /** What is not known yet: of which kinds, `any` where that cannot be seen. Empty but at preview. */
  readonly pending: KnownReads["pending"];
}

/** What to grant, and the two differences. Those are known when collecting has ended, and unknown while a name is unknown. */
export interface GrantPlan {
  /** Distinct, in an order that does not depend on that of the program (`distinctReads`). */
  readonly granted: Output<readonly RemoteRead[]>;
  /** The part that is known: of it, resources are made at preview, too. Never unknown once collecting has ended. */
  readonly known: Output<KnownGrants>;
  /** Granted by hand (`additional`, `secrets`) and read by no ExternalSecret of the program, as `describeRead` says it. */
  readonly unusedGrants: Output<readonly string[]>;
  /** Read but not granted, each with its reader: `prod/db (ExternalSecret "db")`. Empty unless `secrets` is set. */
  readonly missingGrants: Output<readonly string[]>;
}

/**
 * @param canonicalKey the one form of a key that is written in several (`arn:…` and a name); default: as it is written.
 * A find counts as granted only by a find that is the same, and a read of metadata only by one of metadata.
 * @throws Error where both `additional` and `secrets` are set.
 */
export function grantPlan(
  declarations: GrantDeclarations,
  args: GrantsArgs | undefined,
  canonicalKey: (key: string) => string = (key) => key,
): GrantPlan {
  if (args?.additional !== undefined && args.secrets !== undefined) {
    throw new Error("grants: set either additional or secrets: secrets is the whole list.");
  }
  const byHand = output(args?.secrets ?? args?.additional ?? []).apply((reads) => (reads as GrantedRead[]).map(asRead));
  const isFixed = args?.secrets !== undefined;
  const plan = all([declarations.reads, byHand]).apply(([declared, given]) =>
    compare(declared as readonly DeclaredRead[], given as readonly RemoteRead[], isFixed, canonicalKey),
  );
  return {
    granted: plan.apply(({ granted }) => granted as readonly RemoteRead[]),
    known: all([declarations.known, knownByHand(args?.secrets ?? args?.additional)]).apply(([declared, given]) =>
      knownGrants(declared as KnownReads, given as KnownGrants, isFixed),
    ),
    unusedGrants: plan.apply(({ unusedGrants }) => unusedGrants),
    missingGrants: plan.apply(({ missingGrants }) => missingGrants),
  };
}

function asRead(read: GrantedRead): RemoteRead {
  return typeof read === "string" ? { kind: "key", key: read } : read;
}

/** Entry by entry, where the list itself is there. */
function knownByHand(given: GrantsArgs["additional"]): Output<KnownGrants> {
  const parts = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map((part: Input<unknown>) =>
    output(part),
  );
  const known = Promise.all(parts.map(isKnown)).then((isKnownOfEach) =>
    all(parts.filter((_, index) => isKnownOfEach[index])).apply((reads) => ({
      granted: (reads as unknown[]).flat().map((read) => asRead(read as GrantedRead)),
      pending: isKnownOfEach.includes(false) ? ["any"] : [],
    })),
  );
  return output(known) as Output<KnownGrants>;
}

function knownGrants(declared: KnownReads, byHand: KnownGrants, isFixed: boolean): KnownGrants {
  if (isFixed) return { ...byHand, granted: distinctReads(byHand.granted) };
  return {
    granted: distinctReads([...declared.reads.map(({ read }) => read), ...byHand.granted]),
    pending: [...new Set([...declared.pending, ...byHand.pending])],
  };
}

function compare(
  declared: readonly DeclaredRead[],
  byHand: readonly RemoteRead[],
  isFixed: boolean,
  canonicalKey: (key: string) => string,
) {
  const identity = (read: RemoteRead) =>
    `${read.kind} ${describeRead(read.kind === "key" ? { ...read, key: canonicalKey(read.key) } : read)}`;
  const readNames = new Set(declared.map(({ read }) => identity(read)));
  const grantedNames = new Set(byHand.map(identity));
  const missing = isFixed ? declared.filter(({ read }) => !grantedNames.has(identity(read))) : [];
  return {
    granted: distinctReads(isFixed ? byHand : [...declared.map(({ read }) => read), ...byHand]),
    unusedGrants: distinctReads(byHand.filter((read) => !readNames.has(identity(read)))).map(describeRead),
    missingGrants: [
      ...new Set(
        missing.map(({ read, externalSecret }) => `${describeRead(read)} (ExternalSecret "${externalSecret}")`),
      ),
    ].toSorted(),
  };
}
