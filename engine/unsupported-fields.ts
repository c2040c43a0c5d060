/** Fields of an ExternalSecret that this version accepts in the CRD and cannot carry out: said aloud, never ignored. */
import type { ExternalSecretSpec } from "../api/external-secret.ts";
import { genericTargetOf } from "./generic-target.ts";

type Finding = readonly [isSet: boolean, field: string, instead: string];

/** What an operator may permit. */
export interface PermittedFields {
  /** Targets of another kind than Secret. */
  readonly genericTargets: boolean;
}

function targetFindings(spec: ExternalSecretSpec, permitted: PermittedFields): readonly string[] {
  if (genericTargetOf({ spec }) === undefined) return [];
  if (!permitted.genericTargets) {
    return [
      "spec.target.manifest: this controller does not permit targets of another kind than Secret; have its operator start it with --unsafe-allow-generic-targets, or leave the field out",
    ];
  }
  return [];
}

function dataFromFindings(spec: ExternalSecretSpec): readonly Finding[] {
  return (spec.dataFrom ?? []).flatMap((source, index): readonly Finding[] => {
    const field = `spec.dataFrom[${index}]`;
    return [[source.sourceRef?.generatorRef !== undefined, `${field}.sourceRef.generatorRef`, "use a store"]];
  });
}

/** One line per field: its path, that it is not available, and what to do instead. Empty when all is carried out. */
export function unsupportedFields(spec: ExternalSecretSpec, permitted: PermittedFields): readonly string[] {
  const data = (spec.data ?? []).map(
    (entry, index): Finding => [
      entry.sourceRef?.generatorRef !== undefined,
      `spec.data[${index}].sourceRef.generatorRef`,
      "use a store",
    ],
  );
  const all: readonly Finding[] = [...data, ...dataFromFindings(spec)];
  const others = all
    .filter(([isSet]) => isSet)
    .map(([, field, instead]) => `${field}: not available in this version; ${instead}`);
  return [...targetFindings(spec, permitted), ...others];
}
