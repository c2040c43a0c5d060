import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { deflateRawSync } from "node:zlib";
import { create } from "tar";
import { createTempFolder } from "../temp-folder.ts";
import { ETCD_VERSION, KUBERNETES_VERSION, PULUMI_VERSION, VAULT_VERSION } from "../versions.ts";
import { createDownloader } from "./http-download.ts";
import { officialDownload } from "./official-download.ts";
import { OFFICIAL_HOSTS, officialRelease, type ReleaseHosts } from "./official-release.ts";
import { type ResolveOptions, resolveTool, ToolUnavailable } from "./resolve-tool.ts";
import { createToolCache } from "./tool-cache.ts";
import { writeZip } from "./write-zip.ts";

const machine = { platform: "linux", arch: "x64" };

interface Mirror {
  readonly files: Map<string, Buffer>;
  readonly requests: string[];
  readonly hosts: ReleaseHosts;
  readonly folder: string;
  readonly options: ResolveOptions;
}

/** A server on loopback in place of all the projects' own. */
async function mirror(t: TestContext): Promise<Mirror> {
  const files = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createHttpServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    const file = files.get(path);
    if (path.startsWith("/moved/")) response.writeHead(302, { location: path.slice("/moved".length) }).end();
    else if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });
  const base = await listening(t, server);
  const { path: folder, remove } = await createTempFolder();
  t.after(remove);
  const hosts = { kubernetes: base, etcd: `${base}/moved`, hashicorp: base, pulumi: base };
  return { files, requests, hosts, folder, options: optionsFor(folder, hosts) };
}

function optionsFor(folder: string, hosts: ReleaseHosts): ResolveOptions {
  const cache = createToolCache(join(folder, "cache"));
  const downloader = createDownloader({ connectMs: 300, idleMs: 2000 });
  return { environment: {}, cache, sources: [officialDownload({ hosts, machine, downloader })] };
}

async function listening(t: TestContext, server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function script(version: string): Buffer {
  return Buffer.from(`#!/bin/sh\necho "v${version}"\n`);
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

test("a Kubernetes program is downloaded and held against its checksum", async (t) => {
  const { files, options, folder } = await mirror(t);
  const path = `/v${KUBERNETES_VERSION}/bin/linux/amd64/kube-apiserver`;
  files.set(path, script(KUBERNETES_VERSION));
  files.set(`${path}.sha256`, Buffer.from(sha256(script(KUBERNETES_VERSION))));
  const tool = await resolveTool("kube-apiserver", options);
  assert.ok(tool.path.startsWith(join(folder, "cache")));
  assert.deepEqual(await readFile(tool.path), script(KUBERNETES_VERSION));
});

test("a program with another checksum is refused, and nothing is kept", async (t) => {
  const { files, options, folder } = await mirror(t);
  const path = `/v${KUBERNETES_VERSION}/bin/linux/amd64/kubectl`;
  files.set(path, script(KUBERNETES_VERSION));
  files.set(`${path}.sha256`, Buffer.from("0".repeat(64)));
  await assert.rejects(resolveTool("kubectl", options), /SHA-256 of .*kubectl is/);
  assert.deepEqual(await readdir(join(folder, "cache")), []);
});

test("etcd is taken out of its archive, over a redirect", async (t) => {
  const { files, options, folder } = await mirror(t);
  const name = `etcd-v${ETCD_VERSION}-linux-amd64`;
  const archive = await tarOf(folder, name, { etcd: script(ETCD_VERSION), etcdctl: script(ETCD_VERSION) });
  files.set(`/v${ETCD_VERSION}/${name}.tar.gz`, archive);
  files.set(`/v${ETCD_VERSION}/SHA256SUMS`, Buffer.from(`${sha256(archive)}  ${name}.tar.gz\n`));
  const tool = await resolveTool("etcd", options);
  assert.deepEqual(await readdir(join(tool.path, "..")), ["etcd"]);
});

test("Pulumi keeps its language hosts beside it", async (t) => {
  const { files, options, folder } = await mirror(t);
  const content = { pulumi: script(PULUMI_VERSION), "pulumi-language-nodejs": script(PULUMI_VERSION) };
  const archive = await tarOf(folder, "pulumi", content);
  const name = `pulumi-v${PULUMI_VERSION}-linux-x64.tar.gz`;
  files.set(`/${name}`, archive);
  files.set(`/pulumi-${PULUMI_VERSION}-checksums.txt`, Buffer.from(`${sha256(archive)}  ${name}\n`));
  const tool = await resolveTool("pulumi", options);
  assert.deepEqual(await readdir(join(tool.path, "..")), ["pulumi", "pulumi-language-nodejs"]);
});

test("Vault is taken out of its zip", async (t) => {
  const { files, options } = await mirror(t);
  const archive = writeZip([
    { name: "LICENSE.txt", method: 0, bytes: 4, packed: Buffer.from("BUSL") },
    { name: "vault", method: 8, bytes: script(VAULT_VERSION).length, packed: deflateRawSync(script(VAULT_VERSION)) },
  ]);
  const base = `/vault/${VAULT_VERSION}/vault_${VAULT_VERSION}`;
  files.set(`${base}_linux_amd64.zip`, archive);
  const list = `${"1".repeat(64)}  vault_x.zip\n${sha256(archive)}  vault_${VAULT_VERSION}_linux_amd64.zip\n`;
  files.set(`${base}_SHA256SUMS`, Buffer.from(list));
  const tool = await resolveTool("vault", options);
  assert.deepEqual(await readFile(tool.path), script(VAULT_VERSION));
});

test("what a host does not have is a reason, not a failure", async (t) => {
  const { options } = await mirror(t);
  await assert.rejects(resolveTool("vault", options), (error) => {
    assert.ok(error instanceof ToolUnavailable);
    assert.match(error.message, /answers 404/);
    return true;
  });
});

test("a host that does not answer is given up once and for all tools of the run", async (t) => {
  const { path: folder, remove } = await createTempFolder();
  t.after(remove);
  // Accepts connections and never answers, not even the TLS handshake.
  let connections = 0;
  const silent = await listening(
    t,
    createTcpServer((socket) => {
      connections++;
      t.after(() => socket.destroy());
    }),
  );
  const host = silent.replace("http:", "https:");
  const options = optionsFor(folder, { kubernetes: host, etcd: host, hashicorp: host, pulumi: host });
  await assert.rejects(resolveTool("vault", options), /not reachable \(no connection within 0.3 s\)/);
  await assert.rejects(resolveTool("pulumi", options), /not reachable/);
  assert.equal(connections, 1);
});

test("GROUND_DOWNLOADS=off asks no host", async (t) => {
  const { options, requests } = await mirror(t);
  const environment = { GROUND_DOWNLOADS: "off" };
  await assert.rejects(resolveTool("vault", { ...options, environment }), /downloads are off/);
  assert.deepEqual(requests, []);
});

test("Kubernetes publishes kubectl alone for macOS", () => {
  const mac = { platform: "darwin", arch: "arm64" };
  const kubectl = officialRelease("kubectl", mac, OFFICIAL_HOSTS);
  assert.ok(typeof kubectl !== "string");
  assert.equal(kubectl.url, `https://dl.k8s.io/release/v${KUBERNETES_VERSION}/bin/darwin/arm64/kubectl`);
  assert.match(String(officialRelease("kube-apiserver", mac, OFFICIAL_HOSTS)), /for Linux only/);
});

async function tarOf(folder: string, name: string, content: Record<string, Buffer>): Promise<Buffer> {
  await mkdir(join(folder, name), { recursive: true });
  for (const [file, bytes] of Object.entries(content)) {
    await writeFile(join(folder, name, file), bytes, { mode: 0o755 });
  }
  const archive = join(folder, "archive.tar.gz");
  await create({ gzip: true, file: archive, cwd: folder }, [name]);
  return readFile(archive);
}
