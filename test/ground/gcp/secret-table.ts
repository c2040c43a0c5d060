/** The secrets and versions of the Google emulator, and what Secret Manager does with them. */
import { randomBytes } from "node:crypto";
import { crc32c } from "../../../providers/gcpsm/crc32c.ts";
import { apiFault } from "./google-message.ts";
import { filterOf } from "./secret-filter.ts";

type Texts = Readonly<Record<string, string>>;

/** The parts of a secret that its owner writes, as JSON has them. */
export interface SecretBody {
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly topics?: readonly { readonly name: string }[];
  readonly versionAliases?: Readonly<Record<string, string | number>>;
  readonly replication?: Readonly<Record<string, unknown>>;
  readonly customerManagedEncryption?: Readonly<Record<string, unknown>>;
  readonly etag?: string;
}

export interface SecretVersion {
  readonly name: string;
  readonly createTime: string;
  state: "ENABLED" | "DISABLED" | "DESTROYED";
  etag: string;
  data: Uint8Array | undefined;
}

export interface StoredSecret {
  readonly name: string;
  readonly createTime: string;
  body: SecretBody;
  etag: string;
  readonly versions: SecretVersion[];
}

interface PageRequest {
  readonly filter: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

const SECRET_ID = /^[a-zA-Z0-9_-]{1,255}$/;
const LABEL_KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const UPDATABLE = ["labels", "annotations", "topics", "versionAliases"] as const;

/** All names are in Google's form, with the project's number. */
export class SecretTable {
  readonly #secrets = new Map<string, StoredSecret>();
  readonly #maxValueBytes: number;
  readonly #maxPageSize: number;

  constructor(maxValueBytes: number, maxPageSize: number) {
    this.#maxValueBytes = maxValueBytes;
    this.#maxPageSize = maxPageSize;
  }

  find(name: string): StoredSecret | undefined {
    return this.#secrets.get(name);
  }

  get(name: string): StoredSecret {
    const secret = this.find(name);
    if (secret !== undefined) return secret;
    throw apiFault("NOT_FOUND", `Secret [${name}] not found.`);
  }

  create(parent: string, id: string, body: SecretBody): StoredSecret {
    if (!SECRET_ID.test(id)) throw apiFault("INVALID_ARGUMENT", `The provided Secret ID [${id}] is not valid.`);
    checkBody(body);
    if (parent.includes("/locations/") === (body.replication !== undefined)) {
      throw apiFault("INVALID_ARGUMENT", "Replication must be set for global secrets, and only for these.");
    }
    const name = `${parent}/secrets/${id}`;
    if (this.find(name) !== undefined) throw apiFault("ALREADY_EXISTS", `Secret [${name}] already exists.`);
    return this.add(name, body);
  }

  /** Without any check. */
  add(name: string, body: SecretBody): StoredSecret {
    const secret = { name, body, createTime: new Date().toISOString(), etag: newEtag(), versions: [] };
    this.#secrets.set(name, secret);
    return secret;
  }

  list(parent: string, page: PageRequest) {
    const matches = filterOf(page.filter);
    const found = [...this.#secrets.values()]
      .filter(({ name, body: { labels = {} } }) => name.startsWith(`${parent}/secrets/`) && matches({ name, labels }))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
    return this.#page(found.map(shown), "secrets", page);
  }

  update(name: string, change: SecretBody, mask: readonly string[]): StoredSecret {
    const secret = this.get(name);
    if (change.etag !== undefined) requireEtag(secret, change.etag);
    checkBody(change);
    for (const path of mask) {
      const field = UPDATABLE.find((known) => known === path.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()));
      if (field === undefined) throw apiFault("INVALID_ARGUMENT", `Invalid update mask: ${path}`);
      secret.body = { ...secret.body, [field]: change[field] };
    }
    secret.etag = newEtag();
    return secret;
  }

  delete(name: string, etag: string | null): void {
    const secret = this.get(name);
    if (etag !== null) requireEtag(secret, etag);
    this.remove(name);
  }

  remove(name: string): void {
    this.#secrets.delete(name);
  }

  addVersion(name: string, data: Uint8Array, checksum?: unknown): SecretVersion {
    const secret = this.get(name);
    if (data.length > this.#maxValueBytes) throw apiFault("INVALID_ARGUMENT", "The payload is too large.");
    if (checksum !== undefined && String(checksum) !== String(crc32c(data))) {
      throw apiFault("INVALID_ARGUMENT", "The payload does not match the provided checksum.");
    }
    const version: SecretVersion = {
      name: `${name}/versions/${secret.versions.length + 1}`,
      createTime: new Date().toISOString(),
      state: "ENABLED",
      etag: newEtag(),
      data,
    };
    secret.versions.push(version);
    return version;
  }

  /** By number, by alias, or the latest, whatever its state. */
  version(name: string, id: string): SecretVersion {
    const secret = this.get(name);
    if (id === "latest") {
      const latest = secret.versions.at(-1);
      if (latest !== undefined) return latest;
      throw apiFault("NOT_FOUND", `Secret [${name}] not found or has no versions.`);
    }
    const number = String(secret.body.versionAliases?.[id] ?? id);
    const version = secret.versions.find((one) => one.name === `${name}/versions/${number}`);
    if (version !== undefined) return version;
    throw apiFault("NOT_FOUND", `Secret Version [${name}/versions/${id}] not found.`);
  }

  listVersions(name: string, page: PageRequest) {
    const found = this.get(name).versions.toReversed().filter(filterOf(page.filter));
    return this.#page(found.map(shownVersion), "versions", page);
  }

  access(name: string, id: string) {
    const version = this.version(name, id);
    if (version.data === undefined || version.state !== "ENABLED") {
      throw apiFault("FAILED_PRECONDITION", `Secret Version [${version.name}] is in ${version.state} state.`);
    }
    const data = Buffer.from(version.data);
    const payload = { ...(data.length > 0 && { data: data.toString("base64") }), dataCrc32c: String(crc32c(data)) };
    return { name: version.name, payload };
  }

  setState(name: string, id: string, state: SecretVersion["state"]): SecretVersion {
    const version = this.version(name, id);
    if (version.state === "DESTROYED") {
      throw apiFault("FAILED_PRECONDITION", `Secret Version [${version.name}] is in DESTROYED state.`);
    }
    version.state = state;
    version.etag = newEtag();
    if (state === "DESTROYED") version.data = undefined;
    return version;
  }

  #page(items: readonly object[], field: string, { pageSize, pageToken }: PageRequest) {
    const begin = Number(pageToken || 0);
    const end = begin + Math.min(pageSize || this.#maxPageSize, this.#maxPageSize);
    return {
      [field]: items.slice(begin, end),
      totalSize: items.length,
      ...(end < items.length ? { nextPageToken: String(end) } : {}),
    };
  }
}

/** As Google shows it: empty parts are left out. */
export function shown({ name, createTime, etag, body }: StoredSecret) {
  const parts = Object.entries(body).filter(
    ([, part]) => part !== undefined && (Array.isArray(part) ? part.length > 0 : Object.keys(part).length > 0),
  );
  return { name, createTime, ...Object.fromEntries(parts), etag };
}

/** The same of a version. */
export function shownVersion({ name, createTime, state, etag }: SecretVersion) {
  return { name, createTime, state, etag, clientSpecifiedPayloadChecksum: true };
}

function checkBody({ labels = {} }: SecretBody): void {
  for (const [key, value] of Object.entries(labels)) {
    if (LABEL_KEY.test(key) && LABEL_VALUE.test(value)) continue;
    throw apiFault("INVALID_ARGUMENT", `The label [${key}:${value}] is not valid.`);
  }
}

function requireEtag(secret: StoredSecret, etag: string): void {
  if (etag === secret.etag) return;
  throw apiFault("FAILED_PRECONDITION", "The etag provided in the request does not match the current one.");
}

function newEtag(): string {
  return `"${randomBytes(7).toString("hex")}"`;
}
