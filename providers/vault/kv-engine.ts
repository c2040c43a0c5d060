/** Reads, lists and writes of the KV engine, versions 1 and 2, in terms of keys. */
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { InvalidConfiguration, SecretNotFound, SyncError, Transient } from "../errors.ts";
import { bytesOf } from "../property/byte-text.ts";
import { type JsonValue, marshal, memberOf } from "../property/index.ts";
import { type KvArea, kvPath, mountOf } from "./kv-path.ts";
import type { VaultApi } from "./vault-api.ts";
import type { VaultSubject } from "./vault-error.ts";

/** What the metadata of a version 2 secret says. */
export interface KvMetadata {
  readonly custom: ReadonlyMap<string, string>;
  /** `created_time`, `current_version`, `delete_version_after`. */
  readonly system: ReadonlyMap<string, string>;
  readonly currentVersion: number;
}

export interface KvEngine {
  readonly isVersion2: boolean;
  /**
   * The secret's data: a JSON object in Go's form.
   * @throws SecretNotFound where it, or that version of it, is absent, deleted or destroyed.
   */
  readData(key: string, version: string | undefined, signal: AbortSignal): Promise<Uint8Array>;
  /** @throws SecretNotFound; InvalidConfiguration for version 1, which has no metadata. */
  readMetadata(key: string, signal: AbortSignal): Promise<KvMetadata>;
  /** Names directly below a folder, those of folders ending in a slash; empty where there is no such folder. */
  list(folder: string, signal: AbortSignal): Promise<readonly string[]>;
  /** `data` is a JSON object; with `expectedVersion` only over that version (0: only where there is none). */
  writeData(key: string, data: Uint8Array, expectedVersion: number | undefined, signal: AbortSignal): Promise<void>;
  writeMetadata(key: string, custom: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void>;
  /** All versions and the metadata. */
  deleteWhole(key: string, signal: AbortSignal): Promise<void>;
  /**
   * Holds the mount against the store's `path` and `version`, as far as Vault lets us see it.
   * @throws InvalidConfiguration where they differ.
   */
  verifyMount(mount: string, signal: AbortSignal): Promise<void>;
}

const SYSTEM_METADATA = ["created_time", "current_version", "delete_version_after"];

export function createKvEngine(spec: VaultProviderSpec, api: VaultApi): KvEngine {
  const isVersion2 = spec.version !== "v1";
  const verified = new Set<string>();

  const requestFor = (key: string, area: KvArea, capability: NonNullable<VaultSubject["capability"]>) => {
    const path = kvPath(spec, key, area);
    return { path, subject: { name: `secret "${key}"`, path, capability, remoteKey: key } };
  };

  async function verifyMount(mount: string, signal: AbortSignal): Promise<void> {
    if (verified.has(mount)) return;
    const found = await mountIn(api, mount, signal);
    if (found !== undefined) assertMount(found, mount, isVersion2);
    verified.add(mount);
  }

  /** An absence counts only where the mount is what the store says: version 1 answers alike for every path of version 2. */
  async function readProven(
    request: Parameters<VaultApi["call"]>[0],
    key: string,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    try {
      return await api.call(request, signal);
    } catch (error) {
      if (error instanceof SecretNotFound) await verifyMount(mountOf(spec) ?? firstPart(key), signal);
      throw error;
    }
  }

  return {
    isVersion2,
    verifyMount,
    async readData(key, version, signal) {
      const target = requestFor(key, "data", "read");
      const query = isVersion2 && version ? { query: { version: checkedVersion(version) } } : {};
      const answer = await readProven({ method: "GET", ...target, ...query }, key, signal);
      return dataIn(answer, isVersion2, target.subject);
    },
    async readMetadata(key, signal) {
      if (!isVersion2) throw noMetadata();
      return metadataIn(await readProven({ method: "GET", ...requestFor(key, "metadata", "read") }, key, signal));
    },
    async list(folder, signal) {
      const target = requestFor(folder, "metadata", "list");
      const subject = { ...target.subject, name: folder === "" ? "the list of secrets" : `the folder "${folder}"` };
      try {
        // The same as the method LIST, which not every proxy lets pass.
        const request = { method: "GET", path: target.path, query: { list: "true" }, subject } as const;
        return keysIn(await readProven(request, folder, signal));
      } catch (error) {
        if (error instanceof SecretNotFound) return [];
        throw error;
      }
    },
    async writeData(key, data, expectedVersion, signal) {
      const text = Buffer.from(data).toString("utf8");
      const options = expectedVersion === undefined ? "" : `,"options":{"cas":${expectedVersion}}`;
      const body = isVersion2 ? `{"data":${text}${options}}` : text;
      const request = { method: "POST", ...requestFor(key, "data", "create and update"), body } as const;
      await (expectedVersion === undefined ? api.call(request, signal) : overVersion(api.call(request, signal), key));
    },
    async writeMetadata(key, custom, signal) {
      const body = JSON.stringify({ custom_metadata: Object.fromEntries(custom) });
      await api.call({ method: "POST", ...requestFor(key, "metadata", "create and update"), body }, signal);
    },
    async deleteWhole(key, signal) {
      await api.call({ method: "DELETE", ...requestFor(key, "metadata", "delete") }, signal);
    },
  };
}

/** Vault refuses a write over another version as it refuses any invalid one; reading again tells. */
async function overVersion(writing: Promise<unknown>, key: string): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    throw new Transient(`secret "${key}" was changed by another while it was written`, {
      remoteKey: key,
      cause: error,
    });
  }
}

function firstPart(key: string): string {
  return key.replace(/^\/+/, "").split("/")[0] ?? "";
}

function checkedVersion(version: string): string {
  if (/^\d+$/.test(version)) return version;
  throw new InvalidConfiguration(`version "${version}" is no version of Vault's KV engine`, {
    field: "remoteRef.version",
    remedy: "give a number, or nothing for the latest",
  });
}

function noMetadata(): InvalidConfiguration {
  return new InvalidConfiguration("version 1 of Vault's KV engine has no metadata and no tags", {
    field: "spec.provider.vault.version",
    remedy: "use a KV engine of version 2, or do without metadataPolicy Fetch and find.tags",
  });
}

function dataIn(answer: Uint8Array, isVersion2: boolean, { name, remoteKey }: VaultSubject): Uint8Array {
  const outer = memberOf(answer, "data");
  const data = isVersion2 && outer !== undefined ? memberOf(bytesOf(outer.raw), "data") : outer;
  const details = remoteKey === undefined ? {} : { remoteKey };
  if (data?.kind === "null")
    throw new SecretNotFound(`${name} is deleted in Vault`, { ...details, remedy: "write it anew" });
  if (data?.kind !== "object") throw new Transient(`Vault's answer for ${name} holds no data`, details);
  return bytesOf(marshal(data, "asWritten"));
}

function metadataIn(answer: Uint8Array): KvMetadata {
  const data = bytesOf(memberOf(answer, "data")?.raw ?? "{}");
  const parsed = JSON.parse(new TextDecoder().decode(data)) as Readonly<Record<string, unknown>>;
  const custom = typeof parsed.custom_metadata === "object" ? (parsed.custom_metadata ?? {}) : {};
  const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return {
    custom: new Map(Object.entries(custom).map(([name, value]) => [name, shown(value)])),
    system: new Map(SYSTEM_METADATA.flatMap((name) => (parsed[name] == null ? [] : [[name, shown(parsed[name])]]))),
    currentVersion: typeof parsed.current_version === "number" ? parsed.current_version : 0,
  };
}

function keysIn(answer: Uint8Array): readonly string[] {
  const { data } = JSON.parse(new TextDecoder().decode(answer)) as {
    readonly data?: { readonly keys?: readonly string[] };
  };
  return data?.keys ?? [];
}

interface Mount {
  readonly type: JsonValue | undefined;
  readonly isVersion2: boolean;
}

/** Undefined where Vault does not let us see it, which is its answer for a missing mount too. */
async function mountIn(api: VaultApi, mount: string, signal: AbortSignal): Promise<Mount | undefined> {
  const path = `sys/internal/ui/mounts/${mount}`;
  const subject: VaultSubject = { name: `the mount "${mount}"`, path, capability: "read" };
  try {
    const data = bytesOf(memberOf(await api.call({ method: "GET", path, subject }, signal), "data")?.raw ?? "{}");
    const options = bytesOf(memberOf(data, "options")?.raw ?? "{}");
    return { type: memberOf(data, "type"), isVersion2: memberOf(options, "version")?.raw === '"2"' };
  } catch (error) {
    if (!(error instanceof SyncError) || error instanceof Transient) throw error;
    return undefined;
  }
}

function assertMount({ type, isVersion2 }: Mount, mount: string, wantsVersion2: boolean): void {
  if (type !== undefined && type.raw !== '"kv"' && type.raw !== '"generic"') {
    throw new InvalidConfiguration(`Vault's mount "${mount}" is not a KV engine`, {
      field: "spec.provider.vault.path",
      remedy: "set spec.provider.vault.path to the mount of a KV engine",
    });
  }
  if (isVersion2 === wantsVersion2) return;
  const [actual, configured] = isVersion2 ? ["v2", "v1"] : ["v1", "v2"];
  throw new InvalidConfiguration(
    `Vault's mount "${mount}" is a KV engine of version ${actual}, and the store says ${configured}`,
    {
      field: "spec.provider.vault.version",
      remedy: `set spec.provider.vault.version to ${actual}`,
    },
  );
}
