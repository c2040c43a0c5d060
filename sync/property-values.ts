/** Property values as the Pulumi engine sends them: JSON with marks for secrets and for values that are not known yet. */

/** Marks an object as a special value; the engine's protocol defines both constants. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Stands for a value that is known only after an `up`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties by name. */
export type Properties = Readonly<Record<string, unknown>>;

/** True for maps only, not for lists or null. */
export function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Marks the value as a secret. */
export function secret(value: unknown): Properties {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

function isSecret(value: unknown): value is Properties {
  return isProperties(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** An Output, which the engine sends to providers that also make components. */
function isOutput(value: unknown): value is Properties {
  return isProperties(value) && value[SIGNATURE_KEY] === OUTPUT_SIGNATURE;
}

/** The value without any marks, at any depth; an Output without a value is not known yet. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (isOutput(value)) return Object.hasOwn(value, "value") ? plain(value.value) : UNKNOWN;
  if (isSecret(value)) return plain(value.value);
  if (!isProperties(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** `plain` for a property map. */
export function plainProperties(properties: Properties): Properties {
  const result = plain(properties);
  return isProperties(result) ? result : {};
}

/** Whether a part of it is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isProperties(value) && Object.values(value).some(hasUnknown);
}

/** Sets fields of a map that may be marked as a secret; the mark stays. */
export function withFields(value: unknown, fields: Properties): Properties {
  if (isSecret(value)) return secret(withFields(value.value, fields));
  return { ...(isProperties(value) ? value : {}), ...fields };
}
