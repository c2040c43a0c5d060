/** Compares the inputs that made an object, or that a refresh saw, with the new inputs. */
import { forcesReplacement } from "./immutable-fields.ts";
import { AUTONAMED, isAnnotated } from "./object-identity.ts";
import { objectFromInputs, propertiesFromObject, withMetadata } from "./object-inputs.ts";
import { changesBetween, type PropertyChange, propertyPath } from "./property-changes.ts";
import { mapValues, type Properties, propertiesAt, stringAt } from "./property-values.ts";
import type { ProviderContext } from "./provider-options.ts";

export interface ObjectDiff {
  readonly changes: readonly (PropertyChange & { readonly replace: boolean })[];
  /** The old object must go first, since the new one has the same name. */
  readonly deleteBeforeReplace: boolean;
}

/**
 * `ignored` are property paths of the engine; a change at or below one does not count. A patch resource can change in place in all
 * but its identity.
 */
export async function diffInputs(
  context: ProviderContext,
  oldInputs: Properties,
  newInputs: Properties,
  ignored: readonly string[],
  isPatch = false,
): Promise<ObjectDiff> {
  const before = await withCanonicalNamespace(context, objectFromInputs(oldInputs));
  const after = await withCanonicalNamespace(context, objectFromInputs(newInputs));
  const found = [...changesBetween(comparable(before), comparable(after)), ...secretDataChanges(before, after)];
  const changes = found
    .filter(({ path }) => !ignored.some((prefix) => isAtOrBelow(path, prefix)))
    .map((change) => ({ ...change, replace: forcesReplacement(after, change.path, context.options, isPatch) }));
  const sameObject = ["name", "namespace"].every(
    (key) => propertiesAt(before, "metadata")[key] === propertiesAt(after, "metadata")[key],
  );
  const isReplaced = changes.some(({ replace }) => replace);
  return { changes, deleteBeforeReplace: isReplaced && sameObject && !isAnnotated(after, AUTONAMED) };
}

function isAtOrBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}

/** Sets the default namespace, or removes the one that a kind without namespace can't have. */
async function withCanonicalNamespace({ cluster }: ProviderContext, object: Properties): Promise<Properties> {
  const served = await cluster.findKind(stringAt(object, "apiVersion"), stringAt(object, "kind"));
  const { namespace, ...metadata } = propertiesAt(object, "metadata");
  if (served?.namespaced === false) return withMetadata(object, metadata);
  return withMetadata(object, { ...metadata, namespace: namespace ?? cluster.defaultNamespace });
}

/** All that compares as it is; a Secret's data is compared by `secretDataChanges`. */
function comparable(object: Properties): Properties {
  const isKubernetesSecret = object.kind === "Secret";
  const kept = mapValues(object, (value, key) =>
    isKubernetesSecret && (key === "data" || key === "stringData") ? undefined : value,
  );
  return propertiesFromObject(kept);
}

/** `stringData` and `data` are two spellings of one thing: only what the Secret would hold counts. */
function secretDataChanges(before: Properties, after: Properties): PropertyChange[] {
  if (after.kind !== "Secret") return [];
  const spelling = (key: string) =>
    [after, before].some((object) => propertiesAt(object, "stringData")[key] !== undefined) ? "stringData" : "data";
  return changesBetween(secretBytes(before), secretBytes(after)).map(({ path, kind }) => {
    const key = path.startsWith("[") ? JSON.parse(path.slice(1, -1)) : path;
    return { path: propertyPath(spelling(key), key), kind };
  });
}

function secretBytes(secretObject: Properties): Properties {
  const encode = (text: string) => Buffer.from(text, "utf8").toString("base64");
  const encoded = mapValues(propertiesAt(secretObject, "stringData"), (value) => encode(String(value)));
  return { ...propertiesAt(secretObject, "data"), ...encoded };
}
