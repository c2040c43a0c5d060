/** Inputs that can be looked into without waiting. */
import { type Input, Output } from "@pulumi/pulumi";

/** Whether it is an object as it was written, neither an Output nor a Promise. Its fields may be either. */
export function isPlain<T>(value: Input<T>): value is T & object {
  return typeof value === "object" && value !== null && !Output.isInstance(value) && !(value instanceof Promise);
}
