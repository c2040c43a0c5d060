/** Writes secrets: a new version where value, expiry, content type or tags differ. */
import { isUtf8 } from "node:buffer";
import { InvalidConfiguration } from "../errors.ts";
import { bytesOf } from "../property/byte-text.ts";
import { withMember, withoutMember } from "../property/edit.ts";
import { memberOf } from "../property/index.ts";
import { textOf } from "../property/json-value.ts";
import type { KeyVaultApi } from "./key-vault-api.ts";
import type { ObjectKey } from "./object-key.ts";
import { isOurs, type PushSettings, wantedTags } from "./push-metadata.ts";
import { subjectOf, type VaultObject } from "./vault-objects.ts";

/** An object to be written. */
export interface Push {
  readonly api: KeyVaultApi;
  readonly key: ObjectKey;
  /** What is there, with our mark; undefined: nothing. */
  readonly current: VaultObject | undefined;
  readonly value: Uint8Array;
  readonly settings: PushSettings;
}

/** @throws InvalidConfiguration where the value is no text, or what is there is no JSON object to put a property into. */
export async function pushValue(
  push: Push & { readonly property: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { api, key, current, value, property, settings } = push;
  const there = current === undefined ? undefined : new TextEncoder().encode(current.value);
  const isEqual = there !== undefined && isSame(there, property, value);
  const tags = wantedTags(settings, current?.tags);
  if (isEqual && current !== undefined && isKeptAsWanted(current, settings, tags)) return;
  const wanted = isEqual || !property ? (isEqual ? there : value) : withMember(there, property, value, key.remoteKey);
  await setSecret(
    api,
    key,
    wanted,
    { ...settings, contentType: settings.contentType ?? current?.contentType },
    tags,
    signal,
  );
}

/** Takes one key away. False where no other key is left, and the secret has to go. */
export async function withoutProperty(
  api: KeyVaultApi,
  key: ObjectKey,
  current: VaultObject,
  property: string,
  signal: AbortSignal,
): Promise<boolean> {
  const there = new TextEncoder().encode(current.value);
  const rest = withoutMember(there, property, key.remoteKey);
  if (rest === undefined) return false;
  if (Buffer.compare(there, rest) === 0) return true;
  const kept = { expires: current.attributes?.exp, contentType: current.contentType };
  await setSecret(api, key, rest, kept, current.tags ?? {}, signal);
  return true;
}

/** A JSON string is compared by what it says, however it is written. */
function isSame(there: Uint8Array, property: string | undefined, value: Uint8Array): boolean {
  if (!property) return Buffer.compare(there, value) === 0;
  const member = memberOf(there, property);
  return member?.kind === "string" && Buffer.compare(bytesOf(textOf(member)), value) === 0;
}

function isKeptAsWanted(
  current: VaultObject,
  { expires, contentType }: PushSettings,
  tags: Readonly<Record<string, string>>,
): boolean {
  if (current.attributes?.exp !== expires || !isOurs(current)) return false;
  if (contentType !== undefined && contentType !== current.contentType) return false;
  const there = Object.entries(current.tags ?? {});
  return there.length === Object.keys(tags).length && there.every(([name, tag]) => tags[name] === tag);
}

async function setSecret(
  api: KeyVaultApi,
  key: ObjectKey,
  value: Uint8Array,
  { expires, contentType }: { readonly expires: number | undefined; readonly contentType: string | undefined },
  tags: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  if (!isUtf8(value)) {
    throw new InvalidConfiguration(`the value for "${key.remoteKey}" is binary, which Azure Key Vault cannot hold`, {
      remoteKey: key.remoteKey,
      remedy: "encode it (b64enc in a template), and read it with decodingStrategy Base64",
    });
  }
  const body = {
    value: new TextDecoder("utf-8", { ignoreBOM: true }).decode(value),
    tags,
    attributes: { enabled: true, ...(expires === undefined ? {} : { exp: expires }) },
    ...(contentType === undefined ? {} : { contentType }),
  };
  await api.call({ method: "PUT", path: `secrets/${key.name}`, body, subject: subjectOf(key, "set") }, signal);
}
