/** Whether a mount is the KV engine that the store says. */
import { InvalidConfiguration, SyncError, Transient } from "../errors.ts";
import { bytesOf } from "../property/byte-text.ts";
import { type JsonValue, memberOf } from "../property/index.ts";
import type { VaultApi } from "./vault-api.ts";
import type { VaultSubject } from "./vault-error.ts";

/**
 * Passes where Vault does not let us see the mount.
 * @throws InvalidConfiguration where it is no KV engine or one of the other version.
 */
export async function assertMount(
  api: VaultApi,
  mount: string,
  wantsVersion2: boolean,
  signal: AbortSignal,
): Promise<void> {
  const found = await mountIn(api, mount, signal);
  if (found === undefined) return;
  const { type, isVersion2 } = found;
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
