import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import {
  buildWithEngine,
  engineRefusal,
  findEngine,
  inspectWithEngine,
  saveFromEngine,
} from "../../scripts/image/container-engines.ts";

/** Begins with each test: the files of one process are loaded long before their tests run. */
const limit = () => AbortSignal.timeout(20_000);

describe("container engines", () => {
  let folder: string;
  const path = process.env.PATH;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-engines-"));
    process.env.PATH = folder;
  });
  afterEach(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true, force: true });
  });

  /** A program of that name, which writes down what it is called with. */
  async function install(engine: string, script: string): Promise<void> {
    const text = `#!/bin/sh\necho "$@" >> ${folder}/${engine}.calls\n${script}\n`;
    await writeFile(join(folder, engine), text, { mode: 0o755 });
  }
  const calls = async (engine: string) => (await readFile(join(folder, `${engine}.calls`), "utf8")).trim().split("\n");

  it("that are not installed are refused as such", async () => {
    assert.deepEqual(await engineRefusal("podman", limit()), { engine: "podman", reason: "not installed" });
  });

  it("without a server are passed over, with the client's last line as the reason", async () => {
    await install("docker", "echo 'Client: 28' ; echo 'Cannot connect to the Docker daemon' >&2; exit 1");
    await install("podman", "echo overlay");
    const { engine, refusals } = await findEngine(limit());
    assert.equal(engine, "podman");
    assert.deepEqual(refusals, [{ engine: "docker", reason: "Cannot connect to the Docker daemon" }]);
  });

  it("build from the Dockerfile, save an archive and tell id and size", async () => {
    await install("docker", 'case "$2" in inspect) echo "sha256:abc 1234";; esac');
    const build = { dockerfile: "/src/Dockerfile", context: "/src/dist", name: "localhost/x:1", version: "1.2.3" };
    await buildWithEngine({ engine: "docker", ...build, signal: limit() });
    await saveFromEngine("docker", "localhost/x:1", "/tmp/x.tar", limit());
    assert.deepEqual(await inspectWithEngine("docker", "localhost/x:1", limit()), {
      digest: "sha256:abc",
      unpackedBytes: 1234,
    });
    assert.deepEqual((await calls("docker")).slice(0, 2), [
      "build -f /src/Dockerfile -t localhost/x:1 --build-arg VERSION=1.2.3 /src/dist",
      "save -o /tmp/x.tar localhost/x:1",
    ]);
  });

  it("that fail to build report the last line that they wrote", async () => {
    await install("buildah", "echo 'pulling' >&2; echo 'no such host' >&2; exit 125");
    const build = { dockerfile: "/src/Dockerfile", context: "/src/dist", name: "localhost/x:1", version: "1.2.3" };
    await assert.rejects(
      buildWithEngine({ engine: "buildah", ...build, signal: limit() }),
      /buildah build: no such host/,
    );
  });
});
