/** Pulumi inputs at every depth of a plain type. */
import type { Input } from "@pulumi/pulumi";

type Leaf = string | number | boolean | null | undefined;

/** `T` where any part may also be an Output or a Promise of that part. */
export type DeepInput<T> = Input<
  T extends Leaf
    ? T
    : T extends readonly (infer Item)[]
      ? readonly DeepInput<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]: DeepInput<T[Key]> }
        : T
>;
