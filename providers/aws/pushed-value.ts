/** What a push makes of a value that is there already. */
import type { PushRef } from "../contract.ts";
import { bytesOf } from "../property/byte-text.ts";
import { withMember } from "../property/edit.ts";
import { memberOf } from "../property/index.ts";
import { textOf } from "../property/json-value.ts";

/** Whether the value holds what is pushed. A JSON string is compared by what it says, however it is written. */
export function isPushed(current: Uint8Array, ref: PushRef, value: Uint8Array): boolean {
  if (!ref.property) return Buffer.compare(current, value) === 0;
  const member = memberOf(current, ref.property);
  return member?.kind === "string" && Buffer.compare(bytesOf(textOf(member)), value) === 0;
}

/**
 * The whole value after the push; `key` is for errors.
 * @throws InvalidConfiguration where a property cannot be set in it.
 */
export function desiredValue(
  current: Uint8Array | undefined,
  ref: PushRef,
  value: Uint8Array,
  key: string,
): Uint8Array {
  return ref.property ? withMember(current, ref.property, value, key) : value;
}
