/** Property values as the Pulumi engine sends them: JSON with marks for secrets and for values not known yet. */

export type Value = null | boolean | number | string | readonly Value[] | Properties;
export type Properties = { readonly [key: string]: Value };

/** Marks an object as a special value; the engine's protocol defines both constants. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Stands for a value that is known only after an operation. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True for maps only, not for arrays or null. */
export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for arrays; `Array.isArray` alone does not narrow a readonly array. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isSecret(value: Value | undefined): boolean {
  return isProperties(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** Marks the value as a secret; one that is marked already stays as it is. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** Removes all secret marks, at any depth. */
export function withoutSecretMarks(value: Value): Value {
  if (isList(value)) return value.map(withoutSecretMarks);
  if (!isProperties(value)) return value;
  if (isSecret(value)) return withoutSecretMarks(value.value ?? null);
  return mapValues(value, withoutSecretMarks);
}

/** `withoutSecretMarks` for a whole property map. */
export function plainProperties(properties: Properties): Properties {
  return mapValues(properties, withoutSecretMarks);
}

export function containsUnknown(value: Value): boolean {
  return someValue(value, (candidate) => candidate === UNKNOWN);
}

function containsSecret(value: Value): boolean {
  return someValue(value, isSecret);
}

function someValue(value: Value, test: (value: Value) => boolean): boolean {
  if (test(value)) return true;
  if (isList(value)) return value.some((item) => someValue(item, test));
  return isProperties(value) && Object.values(value).some((item) => someValue(item, test));
}

/**
 * Marks in `outputs` what is secret: where `inputs` have a secret at the same place, and always the data of a Secret.
 * Lists that hold a secret anywhere become secret as a whole.
 */
export function markSecrets(outputs: Properties, inputs: Properties): Properties {
  const isKubernetesSecret = outputs.kind === "Secret";
  return mapValues(outputs, (value, key) => {
    if (isKubernetesSecret && (key === "data" || key === "stringData")) return secret(value);
    const input = inputs[key];
    if (input === undefined || isSecret(value)) return value;
    if (isProperties(value) && isProperties(input) && !isSecret(input)) return markSecrets(value, input);
    return containsSecret(input) ? secret(value) : value;
  });
}

/** Applies `change` to each value of the map; `undefined` drops the key. */
export function mapValues(
  properties: Properties,
  change: (value: Value, key: string) => Value | undefined,
): Record<string, Value> {
  const changed: Record<string, Value> = {};
  for (const [key, value] of Object.entries(properties)) {
    const result = change(value, key);
    if (result !== undefined) changed[key] = result;
  }
  return changed;
}

/** The map at `key`, or an empty one. */
export function propertiesAt(properties: Properties, key: string): Properties {
  const value = properties[key];
  return isProperties(value) ? value : {};
}

/** The string at `key`, or "". */
export function stringAt(properties: Properties, key: string): string {
  const value = properties[key];
  return typeof value === "string" ? value : "";
}

/** Equality of plain JSON values; the order of keys does not matter. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (isProperties(a) && isProperties(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]));
  }
  return a === b;
}
