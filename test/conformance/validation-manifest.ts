/** Completes the objects of conformance kind `validation`, which have the fields that matter only, so that an API server takes them. */
import { isRecord } from "./conformance-file.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The `spec` of a case's object with what its schema requires put in. */
export function completedSpec(object: unknown): Fields {
  const spec = fieldsOf(fieldsOf(object).spec);
  return isRecord(fieldsOf(object).spec) && ("provider" in spec || "conditions" in spec)
    ? { ...spec, provider: completedProvider(fieldsOf(spec.provider)) }
    : { ...spec, ...completedLists(spec) };
}

function completedLists(spec: Fields): Fields {
  const data = listOf(spec.data).map((item) => ({ secretKey: "a", remoteRef: { key: "a" }, ...item }));
  const dataFrom = listOf(spec.dataFrom).map((item) => ({
    ...item,
    ...("extract" in item ? { extract: { key: "a", ...fieldsOf(item.extract) } } : {}),
    ...("sourceRef" in item ? { sourceRef: completedSource(fieldsOf(item.sourceRef)) } : {}),
  }));
  return { ...(data.length > 0 ? { data } : {}), ...(dataFrom.length > 0 ? { dataFrom } : {}) };
}

function completedSource(sourceRef: Fields): Fields {
  if (!("generatorRef" in sourceRef)) return sourceRef;
  return { ...sourceRef, generatorRef: { kind: "Fake", name: "a", ...fieldsOf(sourceRef.generatorRef) } };
}

function completedProvider(provider: Fields): Fields {
  if (!("aws" in provider)) return provider;
  return { ...provider, aws: { service: "SecretsManager", region: "eu-central-1", ...fieldsOf(provider.aws) } };
}

function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/**
 * The parts of a case's `expectErr` that an API server must say. Its messages have one line each and name the place by
 * the path of the field, so the first duplicate key stands for all, and a regex is named by its fault.
 */
export function expectedRefusals(expectErr: unknown): readonly string[] {
  if (typeof expectErr !== "string") return [];
  if (expectErr.startsWith("external secret cannot be nil")) return ["either data or dataFrom should be specified"];
  const lines = expectErr.split("\n").map((line) => line.replace(/^failed to compile .* condition: /, ""));
  const firstDuplicate = lines.findIndex((line) => line.startsWith("duplicate secretKey"));
  return lines.filter((line, index) => !line.startsWith("duplicate secretKey") || index === firstDuplicate);
}
