/** Whether a preview knows an Output: what may be made of it now, and what only later. */
import type { Output } from "@pulumi/pulumi";

/** The part of an Output that its type leaves out; copies of Pulumi's SDK in one program agree on it. */
interface TellsWhetherKnown {
  readonly isKnown: Promise<boolean>;
}

/** False at preview where it depends on what `up` will find out; true in each `up`. @throws (as a rejection) what made it fail. */
export function isKnown(value: Output<unknown>): Promise<boolean> {
  return (value as unknown as TellsWhetherKnown).isKnown;
}
