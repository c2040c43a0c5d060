import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "../../scripts/run-step.ts";
import { startControlPlane, waitUntil } from "../ground/index.ts";
import { nodeRefusal } from "../ground/node/index.ts";
import { installCrds } from "./cluster-objects.ts";

const TIMEOUT_MS = 300_000;

interface Run {
  readonly child: ChildProcess;
  readonly temporary: string;
  output(): string;
  exit(): Promise<number | null>;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** Runs the quickstart with a folder for temporary files of its own, so that what it leaves behind can be seen. */
function quickstart(temporary: string, { env = {}, flags = [] }: Options = {}): Run {
  let output = "";
  const child = spawn(process.execPath, ["scripts/quickstart.ts", ...flags], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env, TMPDIR: temporary },
    timeout: TIMEOUT_MS,
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  const exited = once(child, "exit");
  return { child, temporary, output: () => output, exit: async () => (await exited)[0] };
}

/** Command lines of processes that work in the folder. */
function processesIn(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    })
    .filter((command) => command.includes(folder));
}

/** What a killed process leaves to the system to clear away may take a moment. */
async function leavesNothing(temporary: string): Promise<void> {
  const look = () => ({
    processes: process.platform === "linux" ? processesIn(temporary) : [],
    files: readdirSync(temporary),
  });
  const isClear = () => Object.values(look()).every((left) => left.length === 0);
  await waitUntil("the end of all that was started", isClear, { timeoutMs: 5_000 }).catch(() => {
    assert.deepEqual(look(), { processes: [], files: [] });
  });
}

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "quickstart-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const seenInEachRun = [
  /up is done: 2 ExternalSecrets are Ready in namespace my-app/,
  /Secret database-credentials-from-vault: keys password, username; owner ExternalSecret\/database-credentials-from-vault/,
  /Secret database-credentials: keys password, username; owner ExternalSecret\/database-credentials-from-aws/,
  /a change in the backend arrived in Secret database-credentials-from-vault after \d+ ms/,
  /a change in the backend arrived in Secret database-credentials after \d+ ms/,
  /a hand edit of Secret database-credentials-from-vault was repaired after \d+ ms/,
  /a hand edit of Secret database-credentials was repaired after \d+ ms/,
  /pulumi refresh found nothing to do/,
  /a second pulumi up found nothing to do/,
  /Secret database-credentials-from-vault was garbage-collected after \d+ ms/,
  /Secret database-credentials was garbage-collected after \d+ ms/,
  /everything was seen/,
  /all that was started is gone/,
];

async function showsEverything(options?: Options): Promise<void> {
  await using temporary = await temporaryFolder();
  const run = quickstart(temporary.path, options);
  assert.equal(await run.exit(), 0, run.output());
  for (const line of seenInEachRun) assert.match(run.output(), line);
  for (const value of ["supersecretpassword", "a-newer-password", "edited by hand"]) {
    assert.ok(!run.output().includes(value), "no value is printed");
    assert.ok(!run.output().includes(Buffer.from(value).toString("base64")), "nor in base64");
  }
  await leavesNothing(temporary.path);
}

test("the quickstart sees everything in the cluster, prints no value and leaves nothing behind", () =>
  showsEverything());

test("an interrupted quickstart ends with 130 and leaves nothing behind", async () => {
  await using temporary = await temporaryFolder();
  const run = quickstart(temporary.path);
  await waitUntil("the middle of pulumi up", () => /creating/.test(run.output()), { timeoutMs: TIMEOUT_MS });
  run.child.kill("SIGINT");
  assert.equal(await run.exit(), 130, run.output());
  await leavesNothing(temporary.path);
});

test("with --context it works on that cluster, and removes what it made there", async () => {
  await using temporary = await temporaryFolder();
  const cluster = await startControlPlane();
  try {
    const env = { KUBECONFIG: cluster.kubeconfigPath };
    const wrong = quickstart(temporary.path, { env, flags: ["--context", "no-such-context"] });
    assert.equal(await wrong.exit(), 1);
    assert.match(wrong.output(), /no-such-context/);

    await showsEverything({ env, flags: ["--context", "local"] });
    const { stdout } = await cluster.kubectl(["get", "namespaces,crds,clusterroles,clusterrolebindings", "-o", "name"]);
    const left = stdout.split("\n").filter((name) => /external-secrets|my-app/.test(name));
    assert.deepEqual(left, []);

    await installCrds(cluster);
    const used = quickstart(temporary.path, { env, flags: ["--context", "local"] });
    assert.equal(await used.exit(), 1);
    assert.match(used.output(), /external secrets are in use there; choose a cluster without them/);
  } finally {
    await cluster.stop();
  }
});

const refusal = await nodeRefusal(process.env);
if (refusal === undefined) {
  test("with --node the controller's image runs as the Deployment's Pod and the same is seen", () =>
    showsEverything({ flags: ["--node"] }));
} else {
  console.log(`no test of --node here: ${refusal}`);
}
