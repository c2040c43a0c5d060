/** What the engine stores of an object: the live object, and the inputs and field manager that made it. */
import { propertiesFromObject } from "./object-inputs.ts";
import { mapValues, markSecrets, type Properties, plainProperties, propertiesAt, stringAt } from "./property-values.ts";

/** Left by `kubectl apply`; it may hold a Secret's values outside of its data. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

export interface Checkpoint {
  readonly inputs: Properties;
  readonly live: Properties;
  readonly fieldManager: string;
}

/** Outputs for the engine; secret wherever `markedInputs` are, and in all data of Secrets. */
export function toCheckpoint(live: Properties, markedInputs: Properties, fieldManager: string): Properties {
  const outputs = markSecrets(propertiesFromObject(storedPart(live)), markedInputs);
  return {
    ...outputs,
    __inputs: markSecrets(markedInputs, markedInputs),
    __initialApiVersion: stringAt(live, "apiVersion"),
    __fieldManager: fieldManager,
  };
}

/** Reads what `toCheckpoint` made; all marks are removed. */
export function fromCheckpoint(state: Properties): Checkpoint {
  const { __inputs, __fieldManager, __initialApiVersion, ...live } = plainProperties(state);
  const fieldManager = typeof __fieldManager === "string" ? __fieldManager : "";
  return { inputs: propertiesAt({ __inputs: __inputs ?? null }, "__inputs"), live, fieldManager };
}

function storedPart(live: Properties): Properties {
  const { managedFields, annotations, ...metadata } = propertiesAt(live, "metadata");
  const kept = propertiesAt({ annotations: annotations ?? null }, "annotations");
  const visible = mapValues(kept, (value, key) => (key === LAST_APPLIED ? undefined : value));
  return { ...live, metadata: { ...metadata, ...(Object.keys(visible).length > 0 && { annotations: visible }) } };
}
