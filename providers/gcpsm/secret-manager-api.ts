/** Secret Manager's methods over REST, in one store's place. */

import { objectOf } from "./google-failure.ts";
import type { GoogleCall } from "./google-http.ts";
import { notGoogles } from "./google-http.ts";
import { payloadIn, payloadOf } from "./payload.ts";
import { parentOf, type SecretPlace, secretNameOf, versionNameOf } from "./resource-names.ts";
import type { JsonObject, SecretManagerSession } from "./secret-manager-session.ts";

type Texts = Readonly<Record<string, string>>;

/** A secret without its values. */
export interface SecretMetadata {
  readonly name: string;
  readonly etag?: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly topics?: readonly { readonly name: string }[];
}

/** A version without its value. */
export interface VersionMetadata {
  readonly name: string;
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Unset on the last. */
  readonly nextPageToken: string | undefined;
}

/** Reads a store's secrets. All methods throw a `SyncError`. */
export interface SecretReader {
  /** The value of a version: its number, an alias or `latest`. @throws SecretNotFound, VersionUnusable */
  access(key: string, version: string, signal: AbortSignal): Promise<Uint8Array>;
  getSecret(key: string, signal: AbortSignal): Promise<SecretMetadata>;
  /** `filter`: in Google's syntax; empty for none. */
  listSecrets(filter: string, pageToken: string | undefined, signal: AbortSignal): Promise<Page<SecretMetadata>>;
  /** Enabled ones only. */
  listVersions(key: string, pageToken: string | undefined, signal: AbortSignal): Promise<Page<VersionMetadata>>;
  /** Whether we are let in at all. @throws PermissionMissing where we are, and may not list. */
  probe(signal: AbortSignal): Promise<void>;
}

/** Writes a store's secrets; nothing is done twice. All methods throw a `SyncError`. */
export interface SecretWriter {
  createSecret(key: string, secret: object, signal: AbortSignal): Promise<void>;
  /** `fields`: names of those that are set, as JSON has them. */
  updateSecret(key: string, secret: object, fields: readonly string[], signal: AbortSignal): Promise<void>;
  addVersion(key: string, value: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Only where the secret still has that etag. */
  deleteSecret(key: string, etag: string | undefined, signal: AbortSignal): Promise<void>;
}

export interface SecretManagerApi extends SecretReader, SecretWriter {
  close(): void;
}

/** Where the store's secrets are. */
type Place = (signal: AbortSignal) => Promise<SecretPlace>;

const PAGE_SIZE = "1000";

export function createSecretManagerApi(session: SecretManagerSession, place: Place): SecretManagerApi {
  return { ...secretReader(session, place), ...secretWriter(session, place), close: () => session.close() };
}

function secretReader(session: SecretManagerSession, place: Place): SecretReader {
  const list = async (query: Readonly<Record<string, string>>, signal: AbortSignal) => {
    const resource = parentOf(await place(signal));
    const subject = { name: "the list of secrets", resource, permission: "secretmanager.secrets.list" };
    const { object, call } = await session.send({ method: "GET", path: `${resource}/secrets`, query, subject }, signal);
    return pageIn<SecretMetadata>(object, "secrets", call);
  };
  return {
    async access(key, version, signal) {
      const path = versionNameOf(await place(signal), key, version);
      const name = version === "latest" ? `secret "${key}"` : `version "${version}" of secret "${key}"`;
      const resource = path.replace(/\/versions\/.*/, "");
      const subject = { name, resource, permission: "secretmanager.versions.access", remoteKey: key };
      const { object } = await session.send({ method: "GET", path: `${path}:access`, subject }, signal);
      return payloadIn(object, subject);
    },
    async getSecret(key, signal) {
      const { path, subject } = secretCall(await place(signal), key, "secrets.get");
      const { object, call } = await session.send({ method: "GET", path, subject }, signal);
      if (!isNamed(object)) throw notGoogles(call);
      return object;
    },
    listSecrets: (filter, pageToken, signal) =>
      list({ pageSize: PAGE_SIZE, ...(filter && { filter }), ...(pageToken && { pageToken }) }, signal),
    async listVersions(key, pageToken, signal) {
      const { path, subject } = secretCall(await place(signal), key, "versions.list");
      const query = { filter: "state:ENABLED", pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) };
      const { object, call } = await session.send({ method: "GET", path: `${path}/versions`, query, subject }, signal);
      return pageIn(object, "versions", call);
    },
    probe: async (signal) => void (await list({ pageSize: "1" }, signal)),
  };
}

function secretWriter(session: SecretManagerSession, place: Place): SecretWriter {
  return {
    async createSecret(key, secret, signal) {
      const where = await place(signal);
      const { subject } = secretCall(where, key, "secrets.create");
      const path = `${parentOf(where)}/secrets`;
      const body = JSON.stringify(secret);
      await session.send({ method: "POST", path, query: { secretId: key }, body, subject }, signal);
    },
    async updateSecret(key, secret, fields, signal) {
      const { path, subject } = secretCall(await place(signal), key, "secrets.update");
      const query = { updateMask: fields.join(",") };
      await session.send({ method: "PATCH", path, query, body: JSON.stringify(secret), subject }, signal);
    },
    async addVersion(key, value, signal) {
      const { path, subject } = secretCall(await place(signal), key, "versions.add");
      const body = JSON.stringify({ payload: payloadOf(value) });
      await session.send({ method: "POST", path: `${path}:addVersion`, body, subject }, signal);
    },
    async deleteSecret(key, etag, signal) {
      const { path, subject } = secretCall(await place(signal), key, "secrets.delete");
      await session.send({ method: "DELETE", path, ...(etag ? { query: { etag } } : {}), subject }, signal);
    },
  };
}

function secretCall(place: SecretPlace, key: string, permission: string) {
  const path = secretNameOf(place, key);
  const subject = {
    name: `secret "${key}"`,
    resource: path,
    permission: `secretmanager.${permission}`,
    remoteKey: key,
  };
  return { path, subject };
}

function pageIn<Item extends VersionMetadata>(answer: JsonObject, field: string, call: GoogleCall): Page<Item> {
  const { [field]: items = [], nextPageToken } = answer;
  if (!Array.isArray(items) || !items.every((item): item is Item => isNamed(item))) throw notGoogles(call);
  return { items, nextPageToken: typeof nextPageToken === "string" && nextPageToken ? nextPageToken : undefined };
}

function isNamed(value: unknown): value is SecretMetadata {
  return typeof objectOf(value)?.name === "string";
}
