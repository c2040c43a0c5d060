/** `PushSecretMetadata.spec` of Vault: custom metadata, merged into what is there or in its place. */
import { InvalidConfiguration } from "../errors.ts";

/**
 * The custom metadata that a secret should have. Our mark is always in it and cannot be overridden.
 * @throws InvalidConfiguration for unknown fields and fields of a wrong type.
 */
export function customMetadataOf(
  spec: unknown,
  current: ReadonlyMap<string, string>,
  mark: { readonly key: string; readonly value: string },
): ReadonlyMap<string, string> {
  const { customMetadata, mergePolicy } = parse(spec ?? {});
  const kept = mergePolicy === "Replace" ? [] : current;
  return new Map([...kept, ...Object.entries(customMetadata), [mark.key, mark.value]]);
}

function parse(spec: unknown): {
  readonly customMetadata: Readonly<Record<string, string>>;
  readonly mergePolicy: string;
} {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) throw refused("it must be an object");
  const { customMetadata = {}, mergePolicy = "Merge", ...unknown } = spec as Readonly<Record<string, unknown>>;
  const [surplus] = Object.keys(unknown);
  if (surplus !== undefined) throw refused(`unknown field "${surplus}"`);
  if (mergePolicy !== "Merge" && mergePolicy !== "Replace") throw refused("mergePolicy must be Merge or Replace");
  if (!isStringMap(customMetadata)) throw refused("customMetadata must be a map of strings");
  return { customMetadata, mergePolicy };
}

function isStringMap(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((item) => typeof item === "string");
}

function refused(problem: string): InvalidConfiguration {
  return new InvalidConfiguration(`the metadata of the push is not for Vault: ${problem}`, {
    field: "spec.data[].metadata.spec",
    remedy: "give customMetadata (a map of strings) and mergePolicy (Merge or Replace) only",
  });
}
