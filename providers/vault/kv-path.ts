/** Where a key lies in Vault's API: the three spellings of ESO, for both versions of the KV engine. */
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import { InvalidConfiguration } from "../errors.ts";

/** `data` for values, `metadata` for custom metadata, lists and whole deletions; the same path in version 1. */
export type KvArea = "data" | "metadata";

/**
 * The path below `/v1/`, not yet encoded. With `path` set in the store, a key may stand alone (`app/db`), begin with the
 * mount (`secret/app/db`), or with the mount and `data/` (`secret/data/app/db`). Without it the key's first part is the
 * mount, and `data/` is inserted after it unless it stands somewhere already.
 * @throws InvalidConfiguration where the key is empty (a list may be of the whole mount) or has `.` or `..` as a part.
 */
export function kvPath(spec: Pick<VaultProviderSpec, "path" | "version">, key: string, area: KvArea): string {
  const mount = mountOf(spec);
  const relative = key.replace(/^\/+/, "");
  if (relative === "" && (area === "data" || mount === undefined)) throw incomplete(key, area);
  if (relative.split("/").some((part) => part === "." || part === "..")) {
    throw new InvalidConfiguration(`key "${key}" has "." or ".." as a part of its path`, {
      remoteKey: key,
      remedy: "write the key without them",
    });
  }
  if (spec.version === "v1") return mount === undefined ? relative : `${mount}/${withoutPrefix(relative, `${mount}/`)}`;
  if (mount !== undefined) return `${mount}/${area}/${withoutMount(relative, mount)}`;
  if (relative.includes("/data/")) return relative.replace("/data/", `/${area}/`);
  const [first = "", ...rest] = relative.split("/");
  return [first, area, ...rest].join("/");
}

/** The mount that the store names, without slashes at its ends; undefined where each key begins with its own. */
export function mountOf({ path }: Pick<VaultProviderSpec, "path">): string | undefined {
  const mount = path?.replace(/^\/+|\/+$/g, "");
  return mount === "" ? undefined : mount;
}

/** The path as a URL takes it: each part encoded, the slashes kept. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function incomplete(key: string, area: KvArea): InvalidConfiguration {
  if (area === "data")
    return new InvalidConfiguration("the key is empty", { remoteKey: key, remedy: "give remoteRef.key" });
  return new InvalidConfiguration("neither the store nor the search names a mount", {
    field: "spec.provider.vault.path",
    remedy: "set spec.provider.vault.path, or begin find.path with the mount",
  });
}

function withoutMount(key: string, mount: string): string {
  return key.startsWith(`${mount}/`) ? withoutPrefix(withoutPrefix(key, `${mount}/`), "data/") : key;
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
