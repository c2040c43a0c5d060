/** Objects without the fields that nobody set. */

/** The fields that are not undefined: an optional field of Kubernetes is left out, never written as undefined. */
export function definedFields<T extends object>(fields: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
