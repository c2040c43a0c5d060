import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { residentBytesAtRest } from "../../scripts/image/resident-memory.ts";

/** Lists and watches once, as a controller does. */
const WATCHER = `
import { readFileSync } from "node:fs";
const { clusters: [{ cluster: { server } }] } = JSON.parse(readFileSync(process.env.KUBECONFIG, "utf8"));
const list = await (await fetch(server + "/api/v1/secrets")).json();
if (list.items.length !== 0 || process.argv[2] !== "controller") process.exit(2);
for await (const _ of (await fetch(server + "/api/v1/secrets?watch=true&resourceVersion=1")).body);
`;

describe("the measurement of the controller's memory", () => {
  let folder: string;
  const signal = AbortSignal.timeout(30_000);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-memory-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function bundle(name: string, source: string): Promise<string> {
    const file = join(folder, `${name}.mjs`);
    await writeFile(file, source);
    return file;
  }

  it("is taken when its watches are open and it asks nothing more", async () => {
    const bytes = await residentBytesAtRest(process.execPath, await bundle("watcher", WATCHER), signal);
    assert.ok(bytes > 20e6 && bytes < 500e6, `${bytes} bytes`);
  });

  it("fails with the last line of a controller that ends", async () => {
    const file = await bundle("failing", `console.error("no such flag"); process.exit(3);`);
    await assert.rejects(
      residentBytesAtRest(process.execPath, file, signal),
      /ended before it was at rest: no such flag/,
    );
  });
});
