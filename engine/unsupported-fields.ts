/** Fields of an ExternalSecret that this version accepts in the CRD and cannot carry out: said aloud, never ignored. */
import type { ExternalSecretSpec } from "../api/external-secret.ts";

type Finding = readonly [isSet: boolean, field: string, instead: string];

function targetFindings(target: ExternalSecretSpec["target"]): readonly Finding[] {
  return [[target?.manifest !== undefined, "spec.target.manifest", "leave it out: the target is a Secret"]];
}

function dataFromFindings(spec: ExternalSecretSpec): readonly Finding[] {
  return (spec.dataFrom ?? []).flatMap((source, index): readonly Finding[] => {
    const field = `spec.dataFrom[${index}]`;
    return [[source.sourceRef?.generatorRef !== undefined, `${field}.sourceRef.generatorRef`, "use a store"]];
  });
}

/** One line per field: its path, that it is not available, and what to do instead. Empty when all is carried out. */
export function unsupportedFields(spec: ExternalSecretSpec): readonly string[] {
  const data = (spec.data ?? []).map(
    (entry, index): Finding => [
      entry.sourceRef?.generatorRef !== undefined,
      `spec.data[${index}].sourceRef.generatorRef`,
      "use a store",
    ],
  );
  const all: readonly Finding[] = [...targetFindings(spec.target), ...data, ...dataFromFindings(spec)];
  return all
    .filter(([isSet]) => isSet)
    .map(([, field, instead]) => `${field}: not available in this version; ${instead}`);
}
