import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { deflateRawSync } from "node:zlib";
import { createTempFolder } from "../temp-folder.ts";
import { unzipMember } from "./unzip.ts";
import { writeZip, type ZipEntry } from "./write-zip.ts";

const text = Buffer.from("of the ground ".repeat(50));
const stored: ZipEntry = { name: "stored", method: 0, bytes: text.length, packed: text };
const deflated: ZipEntry = { name: "folder/deflated", method: 8, bytes: text.length, packed: deflateRawSync(text) };

async function unzipped(t: TestContext, archive: Buffer, member: string): Promise<Buffer> {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  await writeFile(join(path, "a.zip"), archive);
  await unzipMember(join(path, "a.zip"), member, join(path, "out"));
  return readFile(join(path, "out"));
}

for (const { name } of [stored, deflated]) {
  test(`the member ${name} comes out as it went in`, async (t) => {
    assert.deepEqual(await unzipped(t, writeZip([stored, deflated]), name), text);
  });
}

test("a member that is not there is named", async (t) => {
  await assert.rejects(unzipped(t, writeZip([stored]), "other"), /has no other/);
});

test("a file that is no archive is refused", async (t) => {
  await assert.rejects(unzipped(t, Buffer.from("<html>not found</html>"), "vault"), /no zip archive/);
});

test("a member of another size than announced is refused", async (t) => {
  await assert.rejects(unzipped(t, writeZip([{ ...deflated, bytes: 1 }]), deflated.name), /in place of 1/);
});

test("an unknown method is refused", async (t) => {
  await assert.rejects(unzipped(t, writeZip([{ ...stored, method: 14 }]), "stored"), /method 14/);
});
