/** Even random numbers out of random bytes. */
import type { CallContext } from "../go-value.ts";

/** A number from 0 to below `limit` (at least 1), each as likely as the others. */
export function randomBelow(limit: bigint, context: CallContext): bigint {
  const bits = (limit - 1n).toString(2).length;
  const bytes = Math.ceil(bits / 8);
  for (;;) {
    context.spend(1);
    const drawn = BigInt(`0x${Buffer.from(context.randomBytes(bytes)).toString("hex")}`);
    const number = BigInt.asUintN(bits, drawn);
    if (number < limit) return number;
  }
}
