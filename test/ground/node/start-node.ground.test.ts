import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { writeControllerImage } from "../../../scripts/image/controller-image.ts";
import { waitUntil } from "../process/wait-until.ts";
import { createTempFolder, type TempFolder } from "../temp-folder.ts";
import { cgroupFolders, mountedCgroups } from "./cgroup-folders.ts";
import { type GroundNode, nodeRefusal, startNode } from "./index.ts";
import { nodeNetwork } from "./node-network.ts";

const IMAGE = "localhost/probe:1";

const PROBE = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "probe" },
  spec: {
    selector: { matchLabels: { app: "probe" } },
    template: {
      metadata: { labels: { app: "probe" } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: "probe",
            image: IMAGE,
            imagePullPolicy: "Never",
            args: ["--concurrent=1"],
            env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "probe", key: "password" } } }],
            readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
            securityContext: {
              runAsNonRoot: true,
              readOnlyRootFilesystem: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              seccompProfile: { type: "RuntimeDefault" },
            },
            volumeMounts: [{ name: "secret", mountPath: "/etc/probe", readOnly: true }],
          },
        ],
        volumes: [{ name: "secret", secret: { secretName: "probe" } }],
      },
    },
  },
};
const SECRET = { apiVersion: "v1", kind: "Secret", metadata: { name: "probe" }, stringData: { password: "first" } };

async function leftovers(hostAddress: string, folder: string): Promise<string[]> {
  const { name } = nodeNetwork(Number(hostAddress.split(".")[2]));
  const paths = [...cgroupFolders(await mountedCgroups(), name), `/sys/class/net/${name}`, folder];
  const left = paths.filter((path) => existsSync(path));
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes(folder)) left.push(`process ${pid}`);
  }
  return left;
}

const refusal = await nodeRefusal(process.env);
if (refusal !== undefined) console.log(`no node is tested: ${refusal}`);
else describe("a real node", { timeout: 180_000 }, nodeTests);

function nodeTests(): void {
  let folder: TempFolder;
  let node: GroundNode;
  let host: Server;
  let podAddress: string;

  before(async () => {
    folder = await createTempFolder("ground-node-test");
    const outFile = join(folder.path, "probe.tar");
    const bundle = join(import.meta.dirname, "probe-app.mjs");
    const signal = AbortSignal.timeout(60_000);
    await writeControllerImage({ bundle, name: IMAGE, version: "0", outFile, compression: "none", signal });
    node = await startNode({ images: [outFile], onProgress: (line) => console.log(line) });
    host = createServer((_request, response) => response.end("the host")).listen(0, node.hostAddress);
    await once(host, "listening");
  });
  after(async () => {
    host?.close();
    await node?.stop();
    await folder?.remove();
  });

  const ask = async (path: string) => {
    const response = await fetch(`http://${podAddress}:8080${path}`, { signal: AbortSignal.timeout(10_000) });
    assert.equal(response.status, 200, await response.clone().text());
    return JSON.parse(await response.text());
  };

  it("runs our image, without root, with a read-only root and no capabilities, until it is Ready", async () => {
    const { kubectl } = node.controlPlane;
    await kubectl(["apply", "-f", "-"], { input: [SECRET, PROBE].map((each) => JSON.stringify(each)).join("\n---\n") });
    await kubectl(["rollout", "status", "deployment/probe", "--timeout=60s"], { timeoutMs: 70_000 });
    const { stdout } = await kubectl(["get", "pods", "-l", "app=probe", "-o", "jsonpath={.items[0].status.podIP}"]);
    podAddress = stdout;
    assert.equal((await kubectl(["logs", "deployment/probe"])).stdout, "listening\n");
  });

  it("gives the pod its Secret by environment and by volume, and the controller's flags after its subcommand", async () => {
    const args = ["controller", "--concurrent=1"];
    assert.deepEqual(await ask("/"), { uid: 65532, args, env: "first", volume: "first" });
  });

  it("brings a changed Secret into the volume", async () => {
    const changed = JSON.stringify({ stringData: { password: "second" } });
    await node.controlPlane.kubectl(["patch", "secret", "probe", "-p", changed]);
    await waitUntil("the changed volume", async () => (await ask("/")).volume === "second", { intervalMs: 200 });
  });

  it("lets the pod reach a server on this machine, and the API server by its Service", async () => {
    const { port } = host.address() as { port: number };
    const url = encodeURIComponent(`http://${node.hostAddress}:${port}/`);
    assert.deepEqual(await ask(`/host?url=${url}`), { status: 200, body: "the host" });
    // Known by its token, and allowed nothing.
    assert.equal((await ask("/api")).status, 403);
  });

  it("runs beside another one, of which nothing is left when the process that started it is killed", async () => {
    const source = `import { startNode } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
      const { folder, hostAddress } = await startNode();
      console.log(JSON.stringify({ folder, hostAddress }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface(child.stdout), "line", { signal: AbortSignal.timeout(60_000) });
    const other = JSON.parse(line);
    assert.notEqual(other.hostAddress, node.hostAddress);
    child.kill("SIGKILL");
    await waitUntil("nothing left of the killed node", async () => {
      return (await leftovers(other.hostAddress, other.folder)).length === 0;
    });
  });

  it("leaves nothing when it is stopped", async () => {
    await node.stop();
    assert.deepEqual(await leftovers(node.hostAddress, node.folder), []);
    assert.equal(existsSync(node.controlPlane.folder), false);
  });
}
