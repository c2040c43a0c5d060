/** Turns an inferred schema type into the type of an object that nobody changes. */

/**
 * `T` with every property and array readonly, at all depths. Optional properties lose `undefined`: in JSON a field is
 * either there or not.
 */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<Exclude<T[Key], undefined>> }
    : T;
