import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { installCrds } from "../controller/ground-controller.ts";
import { eventually } from "../eventually.ts";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";

let plane: ControlPlane;
const root = join(import.meta.dirname, "../..");

before(async () => {
  plane = await startControlPlane({ controllerManager: false });
  await installCrds(plane);
  await plane.kubectl(["apply", "--server-side", "-f", "-"], { input: JSON.stringify(store) });
  await plane.kubectl(["apply", "--server-side", "-f", "-"], { input: JSON.stringify(externalSecret) });
});

after(() => plane?.stop());

const store = {
  apiVersion: "external-secrets.io/v1beta1",
  kind: "SecretStore",
  metadata: { namespace: "default", name: "store" },
  spec: { provider: { fake: { data: [{ key: "app/db", value: "v" }] } } },
};
const externalSecret = {
  apiVersion: "external-secrets.io/v1beta1",
  kind: "ExternalSecret",
  metadata: { namespace: "default", name: "db" },
  spec: { secretStoreRef: { name: "store" }, data: [{ secretKey: "password", remoteRef: { key: "app/db" } }] },
};

interface RunningProcess {
  readonly child: ChildProcess;
  log(): string;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

/** The command line as it is in the image: flags alone. */
function startController(...flags: string[]): RunningProcess {
  const addresses = ["--metrics-addr=127.0.0.1:0", "--live-addr=127.0.0.1:0"];
  const child = spawn(process.execPath, [join(root, "cli/main.ts"), ...addresses, ...flags], {
    env: { KUBECONFIG: plane.kubeconfigPath },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += chunk;
  });
  return { child, log: () => log, ended: new Promise((resolve) => child.once("exit", resolve)) };
}

test("it syncs outside of a cluster by KUBECONFIG, and ends with 0 when it is told to", async (context) => {
  const { child, log, ended } = startController();
  context.after(() => child.kill("SIGKILL"));
  await plane.kubectl(["wait", "--for=condition=Ready", "externalsecret/db", "--timeout=20s"]);
  const { stdout } = await plane.kubectl(["get", "secret", "db", "-o", "jsonpath={.data.password}"]);
  assert.equal(Buffer.from(stdout, "base64").toString(), "v");
  const ports = /"metricsPort":(\d+),"livePort":(\d+)/.exec(log());
  assert.match(
    await (await fetch(`http://127.0.0.1:${ports?.[1]}/metrics`)).text(),
    /process_resident_memory_bytes \d+/,
  );
  assert.equal((await fetch(`http://127.0.0.1:${ports?.[2]}/readyz`)).status, 200);
  child.kill("SIGTERM");
  assert.equal(await ended, 0);
  for (const line of log().trim().split("\n")) assert.equal(typeof JSON.parse(line).msg, "string");
  assert.doesNotMatch(log(), /"level":"(warn|error)"/);
});

test("of two with leader election one acts, and the other takes over when it stops", async (context) => {
  const flags = ["--enable-leader-election", "--leader-election-namespace=default"];
  const first = startController(...flags);
  context.after(() => first.child.kill("SIGKILL"));
  await eventually("the first leader", () => first.log().includes("became the leader"), { limitMs: 20_000 });
  const second = startController(...flags);
  context.after(() => second.child.kill("SIGKILL"));
  await eventually("the second's caches", () => second.log().includes("waiting to become the leader"), {
    limitMs: 20_000,
  });
  await plane.kubectl(["delete", "secret", "db"]);
  await eventually("the first's repair", async () => (await plane.request({ path: SECRET })).status === 200);
  assert.ok(!second.log().includes("became the leader"));
  first.child.kill("SIGTERM");
  assert.equal(await first.ended, 0);
  await eventually("the second leader", () => second.log().includes("became the leader"), { limitMs: 8_000 });
  await plane.kubectl(["delete", "secret", "db"]);
  await eventually("the second's repair", async () => (await plane.request({ path: SECRET })).status === 200);
  second.child.kill("SIGTERM");
  assert.equal(await second.ended, 0);
});

const SECRET = "/api/v1/namespaces/default/secrets/db";
