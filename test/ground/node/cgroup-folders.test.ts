import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createTempFolder, type TempFolder } from "../temp-folder.ts";
import { type CgroupHierarchy, cgroupHierarchies, claimCgroup, prepareCgroup } from "./cgroup-folders.ts";

describe("the control groups of a node", () => {
  let folder: TempFolder;
  const hierarchy = (name: string, version: 1 | 2): CgroupHierarchy => ({
    mountPoint: join(folder.path, name),
    version,
  });
  beforeEach(async () => {
    folder = await createTempFolder("cgroups");
    for (const name of ["memory", "cpuset", "unified"]) await mkdir(join(folder.path, name));
  });
  afterEach(() => folder.remove());

  it("are in every mounted hierarchy of either version", () => {
    const mountInfo = `22 1 0:20 / /proc rw,relatime shared:5 - proc proc rw
31 25 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
40 25 0:35 / /sys/fs/cgroup/unified rw,relatime shared:9 master:1 - cgroup2 cgroup2 rw
`;
    assert.deepEqual(cgroupHierarchies(mountInfo), [
      { mountPoint: "/sys/fs/cgroup/memory", version: 1 },
      { mountPoint: "/sys/fs/cgroup/unified", version: 2 },
    ]);
  });

  it("are claimed by one only, also where a part of an earlier node is still there", async () => {
    const hierarchies = [hierarchy("memory", 1), hierarchy("cpuset", 1)];
    assert.deepEqual(
      await Promise.all([1, 2, 3].map(() => claimCgroup(hierarchies, "node"))).then((all) => all.sort()),
      [false, false, true],
    );
    await rm(join(folder.path, "memory/node"), { recursive: true });
    await mkdir(join(folder.path, "cpuset/node"));
    assert.equal(await claimCgroup(hierarchies, "node"), false);
  });

  it("take over the processors and memory nodes of the whole machine in version 1", async () => {
    await writeFile(join(folder.path, "cpuset/cpuset.cpus"), "0-1\n");
    await writeFile(join(folder.path, "cpuset/cpuset.mems"), "0\n");
    await prepareCgroup([hierarchy("cpuset", 1), hierarchy("unified", 2)], "node");
    assert.equal(await readFile(join(folder.path, "cpuset/node/cpuset.cpus"), "utf8"), "0-1\n");
    assert.equal(await readFile(join(folder.path, "cpuset/node/cpuset.mems"), "utf8"), "0\n");
  });

  it("say which file refuses a controller in version 2", async () => {
    await writeFile(join(folder.path, "unified/cgroup.subtree_control"), "cpu cpuset memory pids\n");
    await assert.rejects(prepareCgroup([hierarchy("unified", 2)], "node"), /unified\/node\/cgroup\.subtree_control/);
  });
});
