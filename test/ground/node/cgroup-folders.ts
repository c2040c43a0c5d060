/** The control groups of a node: a folder of its own in each hierarchy, which is also what keeps two nodes apart. */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A mounted hierarchy of control groups. */
export interface CgroupHierarchy {
  readonly mountPoint: string;
  readonly version: 1 | 2;
}

/** What the kubelet needs of a version 2 hierarchy. */
const CONTROLLERS = ["cpu", "cpuset", "memory", "pids"];

/** The hierarchies in the text of `/proc/self/mountinfo`. */
export function cgroupHierarchies(mountInfo: string): CgroupHierarchy[] {
  const hierarchies: CgroupHierarchy[] = [];
  for (const line of mountInfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const mountPoint = before.split(" ")[4];
    const kind = after.split(" ")[0];
    if (mountPoint === undefined || (kind !== "cgroup" && kind !== "cgroup2")) continue;
    hierarchies.push({ mountPoint, version: kind === "cgroup2" ? 2 : 1 });
  }
  return hierarchies;
}

/** The hierarchies of this machine. */
export async function mountedCgroups(): Promise<CgroupHierarchy[]> {
  const hierarchies = cgroupHierarchies(await readFile("/proc/self/mountinfo", "utf8"));
  if (hierarchies.length === 0)
    throw new Error("a real node needs control groups, and none are mounted at /sys/fs/cgroup");
  return hierarchies;
}

/** The folder of a group, by its name, in every hierarchy. */
export function cgroupFolders(hierarchies: readonly CgroupHierarchy[], name: string): string[] {
  return hierarchies.map(({ mountPoint }) => join(mountPoint, name));
}

/**
 * Takes the name: only one process of the machine can, until the folders are removed.
 * @returns false where it is taken.
 */
export async function claimCgroup(hierarchies: readonly CgroupHierarchy[], name: string): Promise<boolean> {
  const folders = cgroupFolders(hierarchies, name);
  const [first] = folders;
  if (first === undefined || folders.some((folder) => existsSync(folder))) return false;
  try {
    await mkdir(first);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Makes the folders of a claimed name ready for containers.
 * @throws an error that names the file where this machine does not let the controllers be used.
 */
export async function prepareCgroup(hierarchies: readonly CgroupHierarchy[], name: string): Promise<void> {
  const onlyVersion2 = hierarchies.every(({ version }) => version === 2);
  for (const { mountPoint, version } of hierarchies) {
    const folder = join(mountPoint, name);
    await mkdir(folder, { recursive: true });
    // A child of cpuset without processors and memory nodes of its own takes no process.
    for (const file of version === 1 ? ["cpuset.cpus", "cpuset.mems"] : []) {
      if (existsSync(join(mountPoint, file)))
        await writeFile(join(folder, file), await readFile(join(mountPoint, file)));
    }
    if (version === 2 && onlyVersion2) for (const parent of [mountPoint, folder]) await passOn(parent);
  }
}

/** Lets the groups below `folder` use the controllers. */
async function passOn(folder: string): Promise<void> {
  const file = join(folder, "cgroup.subtree_control");
  const enabled = (await readFile(file, "utf8")).trim().split(" ");
  for (const controller of CONTROLLERS) {
    if (enabled.includes(controller)) continue;
    try {
      await writeFile(file, `+${controller}`);
    } catch (error) {
      const hint = "in a container, run it with its own cgroup namespace and no process in that one's root group";
      throw new Error(`the controller ${controller} cannot be used: ${file} refuses it (${hint})`, { cause: error });
    }
  }
}
