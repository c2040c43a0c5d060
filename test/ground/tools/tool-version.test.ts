import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { createTempFolder } from "../temp-folder.ts";
import { TOOLS, type ToolName } from "./tool-table.ts";
import { askVersion, parseVersion, type Version } from "./tool-version.ts";

const printed: readonly (readonly [string, string | undefined])[] = [
  ["Kubernetes v1.37.2", "1.37.2"],
  ["etcd Version: 3.7.0\nGit SHA: Not provided\nGo Version: go1.26.8", "3.7.0"],
  ["Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0", "1.32.4"],
  ["Vault v1.21.4, built 2025-11-24T21:40:02Z (cgo)", "1.21.4"],
  ["v3.259.0", "3.259.0"],
  ["unknown command", undefined],
];

for (const [text, version] of printed) {
  test(`the version in ${JSON.stringify(text)} is ${version}`, () => {
    const found = parseVersion(text);
    assert.equal(found && `${found.major}.${found.minor}.${found.patch}`, version);
  });
}

const fitting: readonly (readonly [ToolName, string, boolean])[] = [
  ["kube-apiserver", "1.37.0", true],
  ["kube-apiserver", "1.36.2", false],
  ["etcd", "3.7.9", true],
  ["etcd", "3.6.0", false],
  ["kubectl", "1.38.0", true],
  ["kubectl", "1.32.4", false],
  ["pulumi", "3.270.0", true],
  ["pulumi", "3.258.9", false],
  ["pulumi", "4.0.0", false],
  ["vault", "1.22.0", true],
  ["vault", "1.20.9", false],
];

for (const [name, version, fits] of fitting) {
  test(`${name} ${version} ${fits ? "will do" : "will not do"}`, () => {
    assert.equal(TOOLS[name].fits(parsed(version), parsed(TOOLS[name].version)), fits);
  });
}

test("a tool that fails tells no version", async (t) => {
  const folder = await createTempFolder();
  t.after(() => folder.remove());
  const path = join(folder.path, "tool");
  await writeFile(path, "#!/bin/sh\necho 1.2.3\nexit 1\n");
  await chmod(path, 0o755);
  assert.equal(await askVersion(path, []), undefined);
});

test("a tool is asked without an input to wait for", async (t) => {
  const folder = await createTempFolder();
  t.after(() => folder.remove());
  const path = join(folder.path, "tool");
  await writeFile(path, "#!/bin/sh\ncat\necho version 1.2.3\n");
  await chmod(path, 0o755);
  assert.deepEqual(await askVersion(path, []), parsed("1.2.3"));
});

function parsed(text: string): Version {
  const version = parseVersion(text);
  assert.ok(version);
  return version;
}
