import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { access, constants, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { createTempFolder } from "../temp-folder.ts";
import { findOnPath } from "./find-on-path.ts";
import { unpackXz } from "./unpack-xz.ts";

/** `printf 'hello, ground\n' | xz | base64` */
const PACKED = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQANaGVsbG8sIGdyb3VuZAoAAACoIZ6E7np1jwABJg4IG+AEH7bzfQEAAAAABFla",
  "base64",
);

async function archive(t: TestContext, content: Buffer): Promise<{ source: string; target: string }> {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  await writeFile(join(path, "a.xz"), content);
  return { source: join(path, "a.xz"), target: join(path, "a") };
}

test("an archive is unpacked without the xz program, and its file is executable", async (t) => {
  const { source, target } = await archive(t, PACKED);
  await unpackXz(source, target, { searchPath: "" });
  assert.equal(await readFile(target, "utf8"), "hello, ground\n");
  await access(target, constants.X_OK);
});

test("an archive is unpacked by the program on PATH where there is one", async (t) => {
  const { source, target } = await archive(t, PACKED);
  const sha256 = createHash("sha256").update(PACKED).digest("hex");
  await unpackXz(source, target, { searchPath: process.env.PATH, sha256 });
  assert.equal(await readFile(target, "utf8"), "hello, ground\n");
});

for (const searchPath of ["", process.env.PATH]) {
  const by = searchPath === "" || (await findOnPath("xz", searchPath)) === undefined ? "in this process" : "by xz";
  test(`a cut archive is refused and leaves no file (${by})`, async (t) => {
    const { source, target } = await archive(t, PACKED.subarray(0, 40));
    await assert.rejects(unpackXz(source, target, { searchPath }));
    await assert.rejects(access(target), { code: "ENOENT" });
  });
}

test("an archive with another checksum is refused and leaves no file", async (t) => {
  const { source, target } = await archive(t, PACKED);
  await assert.rejects(unpackXz(source, target, { sha256: "0".repeat(64) }), /SHA-256/);
  await assert.rejects(access(target), { code: "ENOENT" });
});
