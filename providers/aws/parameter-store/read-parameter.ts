/** Reads one parameter: its value or its tags. */
import type { Parameter } from "@aws-sdk/client-ssm";
import type { RemoteRef } from "../../contract.ts";
import { InvalidConfiguration, Transient } from "../../errors.ts";
import { requireProperty } from "../../property/index.ts";
import { noteVersion } from "../../value-version.ts";
import { tagsJson } from "../ownership-tag.ts";
import type { ParameterStoreApi } from "./parameter-store-api.ts";

/**
 * The bytes that a reference asks for. `key` has the store's prefix already; `ref.version` is a version or a label.
 * @throws SyncError
 */
export async function readParameter(
  api: ParameterStoreApi,
  key: string,
  ref: Omit<RemoteRef, "key">,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const whole =
    ref.metadataPolicy === "Fetch"
      ? tagsJson(await readTags(api, key, signal))
      : await readValue(api, key, ref.version, signal);
  return ref.property === undefined || ref.property === "" ? whole : requireProperty(whole, key, ref.property);
}

/** The value of a version, decrypted. */
export async function readValue(
  api: ParameterStoreApi,
  key: string,
  version: string | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return valueBytes(key, await api.get(key, version, signal));
}

/** The bytes of a parameter's value. @throws Transient where AWS sent none, which it never does. */
export function valueBytes(key: string, parameter: Parameter | undefined): Uint8Array {
  if (parameter?.Value !== undefined) {
    return noteVersion(new TextEncoder().encode(parameter.Value), parameter.Version);
  }
  throw new Transient(`AWS answered without a value for "${key}"`, { remoteKey: key });
}

/**
 * The tags. AWS refuses those of an absent parameter by a code that it also uses for other reasons; only reading the
 * parameter tells.
 */
export async function readTags(api: ParameterStoreApi, key: string, signal: AbortSignal) {
  try {
    return await api.tags(key, signal);
  } catch (error) {
    if (error instanceof InvalidConfiguration) await api.get(key, undefined, signal);
    throw error;
  }
}
