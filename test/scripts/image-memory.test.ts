import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { residentBytesAtRest } from "../../scripts/image/resident-memory.ts";

/** Lists and watches once, as a controller does. */
const WATCHER = `
import { readFileSync } from "node:fs";
import { get } from "node:https";
const { clusters: [{ cluster }] } = JSON.parse(readFileSync(process.env.KUBECONFIG, "utf8"));
const ca = Buffer.from(cluster["certificate-authority-data"], "base64");
const open = (path) => new Promise((resolve, reject) => get(cluster.server + path, { ca }, resolve).once("error", reject));
let text = "";
for await (const chunk of await open("/api/v1/secrets")) text += chunk;
if (JSON.parse(text).items.length !== 0 || process.argv[2] !== "controller") process.exit(2);
for await (const _ of await open("/api/v1/secrets?watch=true&resourceVersion=1"));
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

  it("fails with the error of a controller that throws", async () => {
    const file = await bundle("throwing", `throw new TypeError("no such file");`);
    await assert.rejects(residentBytesAtRest(process.execPath, file, signal), /at rest: TypeError: no such file$/);
  });

  it("fails with the last line of a controller that ends", async () => {
    const file = await bundle("failing", `console.error("no such flag"); process.exit(3);`);
    await assert.rejects(
      residentBytesAtRest(process.execPath, file, signal),
      /ended before it was at rest: no such flag/,
    );
  });
});
