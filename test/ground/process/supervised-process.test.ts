import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { createTempFolder } from "../temp-folder.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";
import { waitUntil } from "./wait-until.ts";

async function supervisor(t: TestContext): Promise<Supervisor> {
  const made = await createSupervisor();
  t.after(() => made.stop(0));
  return made;
}

function shell(script: string) {
  return { name: "shell", command: "/bin/sh", args: ["-c", script] };
}

/** Whether the process is there and no zombie. */
async function isAlive(pid: number): Promise<boolean> {
  const ps = spawn("ps", ["-o", "stat=", "-p", String(pid)], { stdio: ["ignore", "pipe", "ignore"] });
  let state = "";
  ps.stdout.on("data", (chunk) => {
    state += chunk;
  });
  await once(ps, "close");
  return state.trim() !== "" && !state.trim().startsWith("Z");
}

async function untilDead(pid: number): Promise<void> {
  await waitUntil(`process ${pid} dead`, async () => !(await isAlive(pid)), { timeoutMs: 10_000 });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

test("a process is started when it is ready, and writes its log", async (t) => {
  const { start, folder } = await supervisor(t);
  const isReady = () => exists(join(folder, "ready"));
  const started = await start({ ...shell("echo hello; touch ready; exec sleep 60"), cwd: folder, isReady });
  assert.ok(started.isRunning());
  assert.equal(await started.logTail(), "hello");
  assert.equal(started.logPath, join(folder, "shell.log"));
});

test("a process that ends before it is ready is an error with the end of its log", async (t) => {
  const { start } = await supervisor(t);
  const starting = start({ ...shell("seq 100; echo port is taken >&2; exit 3"), isReady: () => false });
  await assert.rejects(starting, (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^shell ended before it was ready; its log .*shell\.log ends with:\n/);
    assert.ok(error.message.endsWith("99\n100\nport is taken"));
    assert.ok(!error.message.includes("\n50\n"));
    return true;
  });
});

test("a process that is not ready in time is ended", async (t) => {
  const { start, folder } = await supervisor(t);
  const options = { ...shell("echo $$ > pid; exec sleep 60"), cwd: folder, isReady: () => false, readyTimeoutMs: 300 };
  await assert.rejects(start(options), /shell ready: not within 0\.3 s/);
  await untilDead(Number(await readFile(join(folder, "pid"), "utf8")));
});

test("a program that is not there is named", async (t) => {
  const { start } = await supervisor(t);
  const starting = start({ name: "ghost", command: "/nonexistent/ghost" });
  await assert.rejects(starting, /cannot start ghost \(\/nonexistent\/ghost\): .*ENOENT/);
});

test("the death of a ready process is told", async (t) => {
  const { start } = await supervisor(t);
  const started = await start(shell("exit 7"));
  assert.deepEqual(await started.exited, { code: 7, signal: null });
  assert.ok(!started.isRunning());
});

test("a process that obeys SIGTERM is not killed", async (t) => {
  const { start, folder } = await supervisor(t);
  const script = "trap 'echo bye; exit 0' TERM; touch ready; while :; do sleep 0.05; done";
  const started = await start({ ...shell(script), cwd: folder, isReady: () => exists(join(folder, "ready")) });
  assert.deepEqual(await started.stop(), { code: 0, signal: null });
  assert.equal(await started.logTail(), "bye");
});

test("a process that ignores SIGTERM is killed after the grace, with all of its group", async (t) => {
  const { start, folder } = await supervisor(t);
  const script = "trap '' TERM; sleep 60 & echo $! > child; touch ready; wait";
  const started = await start({ ...shell(script), cwd: folder, isReady: () => exists(join(folder, "ready")) });
  assert.equal((await started.stop(100)).signal, "SIGKILL");
  await untilDead(Number(await readFile(join(folder, "child"), "utf8")));
});

test("what a process leaves behind in its group ends with it", async (t) => {
  const { start, folder } = await supervisor(t);
  const started = await start({ ...shell("sleep 60 & echo $! > child"), cwd: folder });
  await started.exited;
  await untilDead(Number(await readFile(join(folder, "child"), "utf8")));
});

test("stopping a supervisor ends all, also what is just starting, and removes its folder", async () => {
  const { start, stop, folder } = await createSupervisor();
  const ready = await start(shell("exec sleep 60"));
  const starting = start({ ...shell("exec sleep 60"), name: "starting", isReady: () => false });
  const refused = assert.rejects(starting, /has been stopped/);
  await Promise.all([stop(), stop()]);
  await refused;
  assert.ok(!ready.isRunning());
  assert.ok(!(await exists(folder)));
  await assert.rejects(start(shell("exit 0")), /has been stopped/);
});

test("a folder that was given stays", async (t) => {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  const { stop } = await createSupervisor({ folder: path });
  await stop();
  assert.ok(await exists(path));
});

interface Program {
  readonly pid: number;
  readonly folder: string;
  /** SIGKILL. */
  end(): void;
  readonly ended: Promise<unknown>;
}

/** Starts a program that has a supervisor with a process, and gives what it prints about them. */
async function programWithProcess(t: TestContext, then: string): Promise<Program> {
  const { path, remove } = await createTempFolder();
  t.after(remove);
  const file = join(path, "program.ts");
  const module = new URL("./supervisor.ts", import.meta.url).href;
  await writeFile(
    file,
    `import { createSupervisor } from ${JSON.stringify(module)};
     const supervisor = await createSupervisor();
     const { pid } = await supervisor.start({ name: "child", command: "sleep", args: ["60"] });
     console.log(JSON.stringify({ pid, folder: supervisor.folder }));
     ${then}`,
  );
  const program = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(program, "exit");
  t.after(() => program.kill("SIGKILL"));
  const [line] = await once(program.stdout, "data");
  return { ...JSON.parse(String(line)), end: () => program.kill("SIGKILL"), ended };
}

const deaths = {
  "is killed by SIGKILL": "setInterval(() => {}, 1000)",
  "throws what nobody catches": "setTimeout(() => { throw new Error('lost') }, 50)",
  "ends without stopping its supervisor": "",
  "is interrupted": "process.kill(process.pid, 'SIGINT')",
};

for (const [death, then] of Object.entries(deaths)) {
  test(`when the program ${death}, its processes end and its folder goes`, async (t) => {
    const { pid, folder, end } = await programWithProcess(t, then);
    if (death.includes("SIGKILL")) end();
    await untilDead(pid);
    await waitUntil("folder gone", async () => !(await exists(folder)), { timeoutMs: 10_000 });
  });
}

test("processes that were released outlive the program", async (t) => {
  const { pid, folder, ended } = await programWithProcess(t, "await supervisor.release();");
  t.after(() => rm(folder, { recursive: true }));
  t.after(() => process.kill(pid, "SIGKILL"));
  await ended;
  assert.ok(await isAlive(pid));
  assert.ok(await exists(folder));
});
