/** A copy of Vault's SDK module with two edits: the published one is not the one that Vault's release was built with. */
import { execFile } from "node:child_process";
import { chmod, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** The published version next to Vault 1.21.4's own `sdk` folder. */
const SDK_MODULE = "github.com/hashicorp/vault/sdk";
const SDK_VERSION = "v0.21.0";
const DOWNLOAD_TIMEOUT_MS = 300_000;

/**
 * Downloads the SDK module, copies it to `<workFolder>/sdk`, edits it, and points the `go.mod` of the module folder there.
 * @param environment of `go`.
 * @throws when it cannot be downloaded or is not the text that the edits know.
 */
export async function usePatchedVaultSdk(
  go: string,
  moduleFolder: string,
  workFolder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { stdout } = await promisify(execFile)(go, ["mod", "download", "-json", `${SDK_MODULE}@${SDK_VERSION}`], {
    cwd: workFolder,
    env: environment,
    timeout: DOWNLOAD_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  const downloaded: unknown = JSON.parse(stdout);
  if (typeof downloaded !== "object" || downloaded === null || !("Dir" in downloaded)) {
    throw new Error(`go does not say where ${SDK_MODULE} ${SDK_VERSION} is`);
  }
  const sdk = join(workFolder, "sdk");
  await cp(String(downloaded.Dir), sdk, { recursive: true });
  await makeWritable(sdk);
  await editFile(join(sdk, "framework", "backend.go"), dropFlagName);
  await editFile(join(sdk, "helper", "keysutil", "lock_manager.go"), returnRestoredName);
  await editFile(join(moduleFolder, "go.mod"), (text) => `${text}\nreplace ${SDK_MODULE} => ${sdk}\n`);
}

/** Vault calls back without the name of the flag that was activated. */
export function dropFlagName(source: string): string {
  return replaceOnce(
    source,
    "ActivationFunc func(context.Context, *logical.Request, string) error",
    "ActivationFunc func(context.Context, *logical.Request) error",
  );
}

/** Vault wants to be told the name of the key that was restored. */
export function returnRestoredName(source: string): string {
  const start = source.indexOf("func (lm *LockManager) RestorePolicy(");
  const end = source.indexOf("\n}\n", start);
  if (start < 0 || end < 0) throw new Error("Vault's SDK has no RestorePolicy where it is looked for");
  const body = replaceOnce(source.slice(start, end), "force bool) error {", "force bool) (string, error) {")
    .replaceAll(/\breturn (?=err\b|fmt\.|errwrap\.)/g, 'return "", ')
    .replaceAll(/\breturn nil\b/g, "return name, nil");
  return source.slice(0, start) + body + source.slice(end);
}

function replaceOnce(source: string, old: string, replacement: string): string {
  const parts = source.split(old);
  if (parts.length !== 2) throw new Error(`Vault's SDK has ${parts.length - 1} times, not once: ${old}`);
  return parts.join(replacement);
}

/** Go keeps its modules read-only; a copy must be edited and removed again. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o644);
  }
}

async function editFile(path: string, edit: (text: string) => string): Promise<void> {
  await writeFile(path, edit(await readFile(path, "utf8")));
}
