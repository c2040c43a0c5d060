import assert from "node:assert/strict";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { createTempFolder } from "../temp-folder.ts";
import { withFileLock } from "./file-lock.ts";
import { createToolCache } from "./tool-cache.ts";

test("of several that fill an entry at once, one makes it and all find it", async (t) => {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  let made = 0;
  const make = async (folder: string) => {
    made++;
    await writeFile(join(folder, "tool"), "x", { mode: 0o755 });
  };
  // Each has its own view of the folder, as processes have.
  await Promise.all([1, 2, 3].map(() => createToolCache(path).fill("tool-1", make)));
  assert.equal(made, 1);
  assert.equal(await createToolCache(path).find("tool-1", "tool"), join(path, "tool-1", "tool"));
  assert.deepEqual(await readdir(path), ["tool-1"]);
});

test("an entry that cannot be made leaves nothing, and can be made later", async (t) => {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  const cache = createToolCache(path);
  const failing = async (folder: string) => {
    await writeFile(join(folder, "tool"), "half");
    throw new Error("torn");
  };
  await assert.rejects(cache.fill("tool-1", failing), /torn/);
  assert.deepEqual(await readdir(path), []);
  await cache.fill("tool-1", (folder) => writeFile(join(folder, "tool"), "x", { mode: 0o755 }));
  assert.ok(await cache.find("tool-1", "tool"));
});

test("a file without the run bit is not found", async (t) => {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  const cache = createToolCache(path);
  await cache.fill("tool-1", (folder) => writeFile(join(folder, "tool"), "x", { mode: 0o644 }));
  assert.equal(await cache.find("tool-1", "tool"), undefined);
});

test("the lock of a process that died is taken over", async (t) => {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  const lock = join(path, "lock");
  await writeFile(lock, "");
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(lock, longAgo, longAgo);
  assert.equal(await withFileLock(lock, async () => "done"), "done");
  assert.deepEqual(await readdir(path), []);
});

test("waiting for a lock ends with the signal", async (t) => {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  const lock = join(path, "lock");
  await writeFile(lock, "");
  const abort = new AbortController();
  const waiting = withFileLock(lock, async () => {}, {
    signal: abort.signal,
    onWait: () => abort.abort(new Error("enough")),
  });
  await assert.rejects(waiting, /enough|aborted/);
});
