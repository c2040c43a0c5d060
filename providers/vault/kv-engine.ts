/** Reads, lists and writes of the KV engine, versions 1 and 2, in terms of keys. */
import type { Clock } from "../../api/clock.ts";
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { InvalidConfiguration, SecretNotFound, Transient } from "../errors.ts";
import { SharedReads } from "../shared-reads.ts";
import { dataIn, type KvMetadata, keysIn, metadataIn } from "./kv-answers.ts";
import { assertMount } from "./kv-mount.ts";
import { type KvArea, kvPath, mountOf } from "./kv-path.ts";
import type { VaultApi } from "./vault-api.ts";
import type { VaultSubject } from "./vault-error.ts";
import type { VaultRequest } from "./vault-http.ts";

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

/** Several properties of one secret that are asked for together are one request. */
export function createKvEngine(spec: VaultProviderSpec, api: VaultApi, clock: Clock): KvEngine {
  const access = createAccess(spec, api);
  const { isVersion2, verifyMount } = access;
  const reads = readsOf(access);
  const together = new SharedReads(clock);
  return {
    ...{ isVersion2, verifyMount, ...reads, ...writesOf(access) },
    async readData(key, version, signal) {
      const read = (inner: AbortSignal) => reads.readData(key, version, inner);
      return (await together.run(JSON.stringify([key, version]), read, signal)).value;
    },
  };
}

interface KvAccess extends Pick<KvEngine, "isVersion2" | "verifyMount"> {
  readonly api: VaultApi;
  /** Path and subject of a request for a key. */
  target(
    key: string,
    area: KvArea,
    capability: NonNullable<VaultSubject["capability"]>,
  ): Pick<VaultRequest, "path" | "subject">;
  /** A read of which an absence counts only where the mount is what the store says: the other version answers alike. */
  readProven(request: VaultRequest, key: string, signal: AbortSignal): Promise<Uint8Array>;
}

function createAccess(spec: VaultProviderSpec, api: VaultApi): KvAccess {
  const isVersion2 = spec.version !== "v1";
  const verified = new Set<string>();
  const verifyMount = async (mount: string, signal: AbortSignal) => {
    if (verified.has(mount)) return;
    await assertMount(api, mount, isVersion2, signal);
    verified.add(mount);
  };
  return {
    isVersion2,
    api,
    verifyMount,
    target(key, area, capability) {
      const path = kvPath(spec, key, area);
      return { path, subject: { name: `secret "${key}"`, path, capability, remoteKey: key } };
    },
    async readProven(request, key, signal) {
      try {
        return await api.call(request, signal);
      } catch (error) {
        if (error instanceof SecretNotFound) await verifyMount(mountOf(spec) ?? firstPart(key), signal);
        throw error;
      }
    },
  };
}

function readsOf({ isVersion2, target, readProven }: KvAccess): Pick<KvEngine, "readData" | "readMetadata" | "list"> {
  return {
    async readData(key, version, signal) {
      const read = target(key, "data", "read");
      const query = isVersion2 && version ? { query: { version: checkedVersion(version) } } : {};
      const answer = await readProven({ method: "GET", ...read, ...query }, key, signal);
      return dataIn(answer, isVersion2, read.subject);
    },
    async readMetadata(key, signal) {
      if (!isVersion2) throw noMetadata();
      return metadataIn(await readProven({ method: "GET", ...target(key, "metadata", "read") }, key, signal));
    },
    async list(folder, signal) {
      const { path, subject } = target(folder, "metadata", "list");
      const name = folder === "" ? "the list of secrets" : `the folder "${folder}"`;
      try {
        // The same as the method LIST, which not every proxy lets pass.
        const request = { method: "GET", path, query: { list: "true" }, subject: { ...subject, name } } as const;
        return keysIn(await readProven(request, folder, signal));
      } catch (error) {
        if (error instanceof SecretNotFound) return [];
        throw error;
      }
    },
  };
}

function writesOf({
  isVersion2,
  target,
  api,
}: KvAccess): Pick<KvEngine, "writeData" | "writeMetadata" | "deleteWhole"> {
  return {
    async writeData(key, data, expectedVersion, signal) {
      const text = Buffer.from(data).toString("utf8");
      const options = expectedVersion === undefined ? "" : `,"options":{"cas":${expectedVersion}}`;
      const body = isVersion2 ? `{"data":${text}${options}}` : text;
      const request = { method: "POST", ...target(key, "data", "create and update"), body } as const;
      await (expectedVersion === undefined ? api.call(request, signal) : overVersion(api.call(request, signal), key));
    },
    async writeMetadata(key, custom, signal) {
      const body = JSON.stringify({ custom_metadata: Object.fromEntries(custom) });
      await api.call({ method: "POST", ...target(key, "metadata", "create and update"), body }, signal);
    },
    async deleteWhole(key, signal) {
      await api.call({ method: "DELETE", ...target(key, "metadata", "delete") }, signal);
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
