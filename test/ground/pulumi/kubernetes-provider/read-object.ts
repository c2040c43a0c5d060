/** Reads an object for a refresh or an import, and works out what its inputs would be now. */
import { ApiError } from "./api-request.ts";
import { type Cluster, type ObjectReference, UnknownKindError } from "./cluster.ts";
import { objectFromInputs, propertiesFromObject, withoutServerMetadata } from "./object-inputs.ts";
import {
  isList,
  isProperties,
  mapValues,
  type Properties,
  propertiesAt,
  sameValue,
  type Value,
} from "./property-values.ts";

export interface SeenObject {
  readonly live: Properties;
  /** The old inputs with the values that the live object has; all that the object says when there were none. */
  readonly inputs: Properties;
}

/** Resolves to `undefined` when the object, or its kind, is gone. */
export async function readObject(
  cluster: Cluster,
  reference: ObjectReference,
  oldInputs: Properties,
  fieldManager: string,
): Promise<SeenObject | undefined> {
  try {
    const live = await cluster.get(reference);
    if (Object.keys(oldInputs).length === 0) return { live, inputs: importedInputs(live) };
    const wanted = objectFromInputs(oldInputs);
    const restored = await restoredObject(cluster, wanted, fieldManager);
    const inputs = seenValue(wanted, withStringData(restored, wanted), withStringData(live, wanted));
    return { live, inputs: isProperties(inputs) ? propertiesFromObject(inputs) : {} };
  } catch (error) {
    if (error instanceof UnknownKindError) return undefined;
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * The object as it would be after the inputs were applied once more: where it equals the live one there is no drift, in
 * whatever form the server keeps the value. `undefined` when the server refuses.
 */
async function restoredObject(cluster: Cluster, wanted: Properties, fieldManager: string) {
  try {
    return await cluster.apply(wanted, { fieldManager, force: true, dryRun: true });
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** The input where the live object already is what it asks for, else what the live object has there. */
function seenValue(input: Value, restored: Value | undefined, live: Value | undefined): Value | undefined {
  if (restored !== undefined && sameValue(restored, live)) return input;
  if (live === undefined || sameValue(input, live)) return live;
  if (isProperties(input) && isProperties(live)) {
    return mapValues(input, (value, key) => {
      const restoredChild = isProperties(restored) ? restored[key] : undefined;
      const liveChild = live[key];
      if (restored !== undefined && restoredChild === undefined && liveChild === undefined) return value;
      return seenValue(value, restoredChild, liveChild);
    });
  }
  if (isList(input) && isList(live) && input.length === live.length) {
    return input.map((item, index) => {
      const liveItem = live[index] ?? null;
      return seenValue(item, isList(restored) ? restored[index] : undefined, liveItem) ?? liveItem;
    });
  }
  return live;
}

/** A Secret with the keys of the inputs' `stringData` in plain text, as the inputs have them. */
function withStringData<T extends Properties | undefined>(object: T, wanted: Properties): T | Properties {
  if (object === undefined || wanted.kind !== "Secret" || !isProperties(wanted.stringData)) return object;
  const data = propertiesAt(object, "data");
  const stringData = mapValues(wanted.stringData, (_value, key) => {
    const encoded = data[key];
    return typeof encoded === "string" ? Buffer.from(encoded, "base64").toString("utf8") : undefined;
  });
  return { ...object, stringData };
}

function importedInputs(live: Properties): Properties {
  const { status: _unused, ...object } = withoutServerMetadata(live);
  return propertiesFromObject(object);
}
