import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { extract, list } from "tar";
import { controllerRunConfig } from "../../scripts/image/controller-image.ts";
import { writeOciArchive } from "../../scripts/image/oci-archive.ts";
import { writeOciLayer } from "../../scripts/image/oci-layer.ts";
import { type TarEntry, tarArchive } from "../../scripts/image/tar-archive.ts";

/** Begins with each test: the files of one process are loaded long before their tests run. */
const limit = () => AbortSignal.timeout(10_000);
const hello: TarEntry = { type: "File", path: "opt/app/hello.txt", mode: 0o644, content: Buffer.from("hello") };
const link: TarEntry = { type: "SymbolicLink", path: "opt/app/also", target: "hello.txt" };

async function bytesOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tarArchive(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const sha256 = (bytes: Uint8Array) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

describe("the image's archives", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-archive-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("have the same bytes in whatever order their entries are given", async () => {
    assert.deepEqual(await bytesOf([hello, link]), await bytesOf([link, hello]));
  });

  it("hold each folder above an entry once, before it, all owned by root and dated 1970", async () => {
    const file = join(folder, "plain.tar");
    await writeFile(file, await bytesOf([hello, link]));
    const seen: { path: string; uid: number | undefined; time: number | undefined }[] = [];
    await list({
      file,
      onReadEntry: (entry) => seen.push({ path: entry.path, uid: entry.uid, time: entry.mtime?.getTime() }),
    });
    assert.deepEqual(
      seen.map(({ path }) => path),
      ["opt/", "opt/app/", "opt/app/also", "opt/app/hello.txt"],
    );
    assert.ok(seen.every(({ uid, time }) => uid === 0 && time === 0));
  });

  it("refuse two entries of one path", async () => {
    await assert.rejects(bytesOf([hello, hello]), /two entries for opt\/app\/hello\.txt/);
  });

  it("name a layer by the digests of its stored and of its plain bytes", async () => {
    const layer = await writeOciLayer([hello], folder, "gzip", limit());
    const stored = await readFile(layer.file);
    assert.equal(layer.digest, sha256(stored));
    assert.equal(layer.sizeBytes, stored.length);
    const plain = gunzipSync(stored);
    assert.equal(layer.diffId, sha256(plain));
    assert.equal(layer.unpackedBytes, plain.length);
  });

  it("are an OCI layout whose index leads to manifest, config and layers by digest", async () => {
    const layers = [
      await writeOciLayer([hello], folder, "none", limit()),
      await writeOciLayer([link], folder, "gzip", limit()),
    ];
    const config = controllerRunConfig("1.2.3");
    const file = join(folder, "image.tar");
    const digest = await writeOciArchive(
      { name: "localhost/x:1", architecture: "amd64", config, layers },
      file,
      limit(),
    );
    const layout = await mkdtemp(join(folder, "layout-"));
    await extract({ file, cwd: layout });
    const read = async (path: string) => JSON.parse(await readFile(join(layout, path), "utf8"));
    const blob = (of: string) => `blobs/sha256/${of.slice(7)}`;

    assert.deepEqual(await read("oci-layout"), { imageLayoutVersion: "1.0.0" });
    const [entry] = (await read("index.json")).manifests;
    assert.equal(entry.digest, digest);
    assert.equal(entry.annotations["io.containerd.image.name"], "localhost/x:1");
    const manifest = await read(blob(digest));
    assert.deepEqual(
      manifest.layers.map((layer: { digest: string }) => layer.digest),
      layers.map((layer) => layer.digest),
    );
    for (const { digest: of, size } of [manifest.config, ...manifest.layers]) {
      const bytes = await readFile(join(layout, blob(of)));
      assert.equal(sha256(bytes), of);
      assert.equal(bytes.length, size);
    }
    const written = await read(blob(manifest.config.digest));
    assert.deepEqual(
      written.rootfs.diff_ids,
      layers.map((layer) => layer.diffId),
    );
    assert.deepEqual(written.config, config);
    const [legacy] = await read("manifest.json");
    assert.deepEqual(legacy.RepoTags, ["localhost/x:1"]);
    assert.equal(legacy.Config, blob(manifest.config.digest));
  });

  it("are left out whole where the writing is interrupted", async () => {
    const layers = [await writeOciLayer([hello], folder, "none", limit())];
    const file = join(folder, "interrupted.tar");
    const config = controllerRunConfig("1.2.3");
    await assert.rejects(
      writeOciArchive({ name: "localhost/x:1", architecture: "amd64", config, layers }, file, AbortSignal.abort()),
    );
    await assert.rejects(readFile(file), { code: "ENOENT" });
  });
});

describe("the controller's run configuration", () => {
  it("is the one of the Dockerfile", async () => {
    const dockerfile = await readFile(join(import.meta.dirname, "../../controller/Dockerfile"), "utf8");
    const { User, Entrypoint, Env, WorkingDir, ExposedPorts } = controllerRunConfig("1.2.3");
    assert.ok(dockerfile.includes(`\nUSER ${User}\n`));
    assert.ok(dockerfile.includes(`\nENTRYPOINT ${JSON.stringify(Entrypoint).replaceAll(",", ", ")}\n`));
    assert.ok(dockerfile.includes(`\nENV ${Env.join(" ")}\n`));
    assert.ok(dockerfile.includes(`\nWORKDIR ${WorkingDir}\n`));
    const ports = Object.keys(ExposedPorts ?? {}).map((port) => port.split("/")[0]);
    assert.ok(dockerfile.includes(`\nEXPOSE ${ports.join(" ")}\n`));
  });
});
