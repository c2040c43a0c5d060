/** Whether this machine and this user can run a real node at all. */
import { resolve } from "node:path";
import { findOnPath } from "../tools/find-on-path.ts";

/** Parts of every Linux distribution; the node's namespaces are made with them. */
const SYSTEM_PROGRAMS = ["unshare", "mount", "ip", "bash", "find"];

/** Where system programs are, also where the user's PATH leaves these folders out. */
const SYSTEM_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** PATH with the folders of system programs. */
export function systemSearchPath(path: string | undefined): string {
  return path === undefined || path === "" ? SYSTEM_FOLDERS : `${path}:${SYSTEM_FOLDERS}`;
}

/** Why a node cannot run here, and what to do about it; undefined where it can. */
export async function nodeRefusal(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (process.platform !== "linux") return `a real node needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "a real node needs root, for namespaces and cgroups: run it with sudo";
  for (const name of SYSTEM_PROGRAMS) {
    const path = await findOnPath(name, systemSearchPath(environment.PATH));
    if (path === undefined) return `a real node needs ${name} (packages util-linux, iproute2, bash, findutils)`;
  }
  return undefined;
}

/** The node has its own, empty ones of these; see `node-init.sh`. */
const HIDDEN_FOLDERS = ["/run", "/var/run", "/var/lib", "/var/log"];

/** @throws where the node could not see the folder. */
export function assertFolderStaysVisible(folder: string): void {
  const hidden = HIDDEN_FOLDERS.find((each) => `${resolve(folder)}/`.startsWith(`${each}/`));
  if (hidden !== undefined)
    throw new Error(`a real node does not see ${folder}: set TMPDIR to a folder outside of ${hidden}`);
}
