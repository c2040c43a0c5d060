/** Writes and deletes parameters that the ownership tag marks as ours. */
import { isUtf8 } from "node:buffer";
import type { Parameter } from "@aws-sdk/client-ssm";
import type { PushRef } from "../../contract.ts";
import { AccessDenied, InvalidConfiguration } from "../../errors.ts";
import { withoutMember } from "../../property/edit.ts";
import { orAbsent } from "../or-absent.ts";
import { isOurs, markedTags, OWNERSHIP_TAG, tagChanges } from "../ownership-tag.ts";
import { desiredValue, isPushed } from "../pushed-value.ts";
import { type ParameterSettings, readParameterSettings } from "./parameter-settings.ts";
import type { ParameterStoreApi } from "./parameter-store-api.ts";
import { readTags, valueBytes } from "./read-parameter.ts";

/**
 * Creates the parameter, or gives it a new version where its value (or a type that the metadata names) differs. `key` has the
 * store's prefix already.
 * @throws AccessDenied where it is there and not ours; InvalidConfiguration for wrong metadata.
 */
export async function pushParameter(
  api: ParameterStoreApi,
  key: string,
  ref: PushRef,
  value: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const settings = readParameterSettings(ref.metadata);
  const parameter = await orAbsent(api.get(key, undefined, signal));
  if (parameter === undefined) {
    const desired = textOf(key, desiredValue(undefined, ref, value, key));
    // Without Overwrite, so that nothing is lost that came into being since the read; tags can only be given so.
    const tags = { Tags: markedTags(settings.tags), Overwrite: false };
    await api.put({ Name: key, Value: desired, ...inputOf(settings, "String"), ...tags }, signal);
    return;
  }
  const tags = await readTags(api, key, signal);
  if (!isOurs(tags)) {
    throw new AccessDenied(`secret "${key}" in AWS Parameter Store is not managed by external-secrets`, {
      remoteKey: key,
      remedy: `choose another remoteKey, or tag it ${OWNERSHIP_TAG.key}=${OWNERSHIP_TAG.value}`,
    });
  }
  if (settings.tags !== undefined) {
    const { surplus, changed } = tagChanges(tags, settings.tags);
    if (surplus.length > 0) await api.untag(key, surplus, signal);
    if (Object.keys(changed).length > 0) await api.tag(key, changed, signal);
  }
  const current = valueBytes(key, parameter);
  const hasType = settings.type === undefined || settings.type === parameter.Type;
  if (hasType && isPushed(current, ref, value)) return;
  await overwrite(api, key, textOf(key, desiredValue(current, ref, value, key)), settings, parameter, signal);
}

/**
 * Deletes the parameter, or with a property only that key of it while others are left. What is absent or not ours is left as it
 * is.
 */
export async function deleteParameter(
  api: ParameterStoreApi,
  key: string,
  ref: PushRef,
  signal: AbortSignal,
): Promise<void> {
  const parameter = await orAbsent(api.get(key, undefined, signal));
  const tags = parameter === undefined ? undefined : await orAbsent(readTags(api, key, signal));
  if (parameter === undefined || !isOurs(tags)) return;
  const current = valueBytes(key, parameter);
  const rest = ref.property ? withoutMember(current, ref.property, key) : undefined;
  if (rest === undefined) {
    await orAbsent(api.delete(key, signal));
  } else if (Buffer.compare(current, rest) !== 0) {
    await overwrite(api, key, textOf(key, rest), readParameterSettings(ref.metadata), parameter, signal);
  }
}

async function overwrite(
  api: ParameterStoreApi,
  key: string,
  value: string,
  settings: ParameterSettings,
  parameter: Parameter,
  signal: AbortSignal,
): Promise<void> {
  await api.put({ Name: key, Value: value, ...inputOf(settings, parameter.Type), Overwrite: true }, signal);
}

function inputOf({ type, kmsKeyId, tier, policies, description }: ParameterSettings, ownType: Parameter["Type"]) {
  const Type = type ?? ownType;
  return {
    Description: description,
    ...(Type === undefined ? {} : { Type }),
    ...(Type === "SecureString" ? { KeyId: kmsKeyId } : {}),
    ...(tier === undefined ? {} : { Tier: tier }),
    ...(policies === undefined ? {} : { Policies: policies }),
  };
}

/** @throws InvalidConfiguration: AWS keeps texts only, and no empty one. */
function textOf(key: string, value: Uint8Array): string {
  if (value.length > 0 && isUtf8(value)) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(value);
  const what = value.length === 0 ? "empty" : "binary";
  throw new InvalidConfiguration(`the value for "${key}" is ${what}, which AWS Parameter Store cannot hold`, {
    remoteKey: key,
    remedy: what === "empty" ? "push another value" : "encode it (b64enc in a template), or push it to Secrets Manager",
  });
}
