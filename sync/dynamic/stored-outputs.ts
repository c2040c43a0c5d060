/** The outputs of a dynamic resource: all that its later operations get, so that they hold the inputs, too. */
import { isProperties, type Properties } from "../property-values.ts";
import type { SyncedSecretState } from "../resource/state.ts";
import { stateOfProperties } from "../resource/state-shape.ts";

/** An input that the class adds. */
const OWN_INPUT = "__provider";

/** The inputs, without what the class added. */
export function ownInputs(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key !== OWN_INPUT));
}

/** What later operations need and the outputs do not show: as one text it is short, and a secret as a whole. */
interface Kept {
  readonly inputs: Properties;
  readonly hashKey: string;
}

/** The state, with the rest in one text. */
export function outsOf(inputs: Properties, { hashKey, ...state }: SyncedSecretState): Properties {
  const kept: Kept = { inputs, hashKey };
  return { ...state, asked: JSON.stringify(kept) };
}

/** What an operation finds. */
export interface Stored {
  readonly inputs: Properties;
  readonly state: SyncedSecretState;
}

/** @throws Error where a state was edited by hand. */
export function storedIn({ asked, ...outputs }: Properties): Stored {
  const kept: unknown = typeof asked === "string" ? JSON.parse(asked) : undefined;
  const { inputs, hashKey } = isProperties(kept) ? kept : {};
  const state = stateOfProperties({ ...outputs, hashKey });
  if (state === undefined || !isProperties(inputs)) throw new Error("the state of this SyncedSecret is not whole");
  return { inputs, state };
}
