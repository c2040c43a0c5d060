/** One opened Vault store. */
import type { Clock } from "../../api/clock.ts";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import type { RemoteRef, SecretsClient } from "../contract.ts";
import { AccessDenied, ReferentNamespaceMissing, SecretNotFound } from "../errors.ts";
import { byteValueOf, jsonMembers, memberOf, propertyNotFound, queryJson, selectProperty } from "../property/index.ts";
import { SecretMap } from "../secret-map.ts";
import { noteVersion, versionOf } from "../value-version.ts";
import { findSecrets } from "./find.ts";
import { createKvEngine, type KvEngine } from "./kv-engine.ts";
import { mountOf } from "./kv-path.ts";
import { createPusher } from "./push.ts";
import { lookupSelf, type VaultApi } from "./vault-api.ts";

/** `loggedIn`: whether the token comes of a login, which then proves that Vault lets us in. */
export function createVaultClient(
  spec: VaultProviderSpec,
  api: VaultApi,
  loggedIn: boolean,
  clock: Clock,
): SecretsClient {
  const kv = createKvEngine(spec, api, clock);
  const pusher = createPusher(kv, spec.checkAndSet?.required ?? false);
  let closing: Promise<void> | undefined;
  return {
    getSecret: (ref, signal) => getSecret(kv, ref, signal),
    async getSecretMap(ref, signal) {
      const whole = await getSecret(kv, ref, signal);
      const members = jsonMembers(whole, ref.key);
      const found = new SecretMap(members.map(([key, value]) => [key, byteValueOf(value, "plain")]));
      return noteVersion(found, versionOf(whole));
    },
    findSecrets: (find, signal) => findSecrets(kv, find, signal),
    async validate(signal) {
      try {
        await lookUpToken(api, loggedIn, signal);
        const mount = mountOf(spec);
        if (mount !== undefined) await kv.verifyMount(mount, signal);
        return "Ready";
      } catch (error) {
        if (error instanceof ReferentNamespaceMissing) return "Unknown";
        throw error;
      }
    },
    async secretExists({ remoteKey, property }, signal) {
      try {
        const data = await kv.readData(remoteKey, undefined, signal);
        return !property || selectProperty(data, property) !== undefined;
      } catch (error) {
        if (error instanceof SecretNotFound) return false;
        throw error;
      }
    },
    pushSecret: (ref, value, signal) => pusher.push(ref, value, signal),
    deleteSecret: (ref, signal) => pusher.delete(ref, signal),
    close() {
      closing ??= api.close();
      return closing;
    },
  };
}

async function getSecret(kv: KvEngine, ref: RemoteRef, signal: AbortSignal): Promise<Uint8Array> {
  if (ref.metadataPolicy === "Fetch") return getMetadata(kv, ref, signal);
  const data = await kv.readData(ref.key, ref.version, signal);
  return ref.property ? noteVersion(propertyOf(data, ref.key, ref.property), versionOf(data)) : data;
}

/** As ESO has it, a literal key's number keeps its digits and a container is written in Go's form. */
function propertyOf(data: Uint8Array, key: string, property: string): Uint8Array {
  const literal = memberOf(data, property);
  const selected = literal === undefined ? queryJson(data, property) : byteValueOf(literal, "asWritten");
  if (selected === undefined) throw propertyNotFound(data, key, property);
  return selected;
}

/** The custom metadata as JSON; a property may name one of Vault's own fields, too. */
async function getMetadata(kv: KvEngine, { key, property }: RemoteRef, signal: AbortSignal): Promise<Uint8Array> {
  const { custom, system } = await kv.readMetadata(key, signal);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(custom)));
  if (!property) return json;
  const own = custom.has(property) ? undefined : system.get(property);
  return own === undefined ? propertyOf(json, key, property) : new TextEncoder().encode(own);
}

/** A login without the default policy may not look up its token; that it was given one is proof enough. */
async function lookUpToken(api: VaultApi, loggedIn: boolean, signal: AbortSignal): Promise<void> {
  try {
    await api.call(lookupSelf, signal);
  } catch (error) {
    // A failed login names its field; a token that was refused after a login does not.
    const isPolicy = loggedIn && error instanceof AccessDenied && error.details.field === undefined;
    if (!isPolicy) throw error;
  }
}
