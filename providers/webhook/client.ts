/** A webhook's store that is open. */
import type { WebhookProviderSpec } from "../../api/stores/webhook.ts";
import type { PushRef, RemoteRef, SecretsClient, StoreContext } from "../contract.ts";
import { InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { jsonToSecretMap, requireProperty, selectProperty } from "../property/index.ts";
import { retryPolicyOf, withRetries } from "../retry.ts";
import { objectOf, partOf } from "./answer.ts";
import { type StoreTexts, storeTexts } from "./store-texts.ts";
import type { WebhookHttp } from "./webhook-http.ts";

/** What the client is made of; it closes `http`. */
export interface WebhookClientParts {
  readonly spec: WebhookProviderSpec;
  readonly context: StoreContext;
  readonly http: WebhookHttp;
  /** From 0 up to 1; spreads repetitions. */
  readonly random: () => number;
}

/** Keeps no value; each call asks the service. */
export function createWebhookClient(parts: WebhookClientParts): SecretsClient {
  const { spec, context, http } = parts;
  const texts = storeTexts(spec, context);
  const read = (ref: RemoteRef, take: typeof partOf, signal: AbortSignal) => readPart(parts, texts, ref, take, signal);
  const write = async (
    method: string,
    { remoteKey, property = "" }: PushRef,
    value: Uint8Array | undefined,
    signal: AbortSignal,
  ) => {
    const reference = { key: remoteKey, remoteKey, property, version: "", namespace: context.namespace ?? "" };
    const data = { ...reference, ...(value === undefined ? {} : { [remoteKey]: value }) };
    const url = await texts.url(data, signal);
    const headers = await texts.headers(data, signal);
    const body = value === undefined ? undefined : ((await texts.body(data, signal)) ?? value);
    await http.send({ method, url, headers, body, remoteKey }, signal);
  };
  return {
    getSecret: (ref, signal) => read(ref, partOf, signal),
    getSecretMap: async (ref, signal) => jsonToSecretMap(await read(ref, objectOf, signal), ref.key),
    findSecrets: async () => {
      const remedy = "use dataFrom.extract, or data with remoteRef";
      throw new InvalidConfiguration("a webhook cannot be searched", { field: "spec.dataFrom[].find", remedy });
    },
    async validate(signal) {
      const [, origin] = /^(https?:\/\/[^/?#{]+)(?:[/?#]|$)/i.exec(spec.url) ?? [];
      // What a template makes of the host is known for a reference only.
      if (origin === undefined) return "Unknown";
      await http.reach(origin, signal);
      return "Ready";
    },
    async secretExists(ref, signal) {
      try {
        const value = await read({ key: ref.remoteKey }, (body) => body, signal);
        return !ref.property || selectProperty(value, ref.property) !== undefined;
      } catch (error) {
        if (error instanceof SecretNotFound) return false;
        throw error;
      }
    },
    pushSecret: (ref, value, signal) => write(spec.method || "POST", ref, value, signal),
    async deleteSecret(ref, signal) {
      try {
        await write("DELETE", ref, undefined, signal);
      } catch (error) {
        if (!(error instanceof SecretNotFound)) throw error;
      }
    },
    close: async () => http.close(),
  };
}

/** A property that no text of the store uses is looked for in what the service answered; ESO takes no notice of it. */
async function readPart(
  { spec, context, http, random }: WebhookClientParts,
  texts: StoreTexts,
  { key, version = "", property = "", metadataPolicy }: RemoteRef,
  take: typeof partOf,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (metadataPolicy === "Fetch") {
    const details = { field: "remoteRef.metadataPolicy", remedy: "remove it", remoteKey: key };
    throw new InvalidConfiguration("a webhook has no metadata", details);
  }
  const data = { key, remoteKey: key, version, property, namespace: context.namespace ?? "" };
  const request = {
    method: spec.method || "GET",
    url: await texts.url(data, signal),
    headers: await texts.headers(data, signal),
    body: await texts.body(data, signal),
    remoteKey: key,
  };
  const path = await texts.jsonPath(data, signal);
  const policy = retryPolicyOf(context.retrySettings);
  const surroundings = { clock: context.clock, random };
  const body = await withRetries(() => http.send(request, signal), policy, surroundings, signal);
  if (property === "" || texts.usesProperty) return take(body, path, key);
  return requireProperty(partOf(body, path, key), key, property);
}
