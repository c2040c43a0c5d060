/** Runs one command of a script, showing its output, and ends the script with its exit code when it fails. */
import { spawn, spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that runs this script comes first on PATH, so that children run on it too; they share what it has compiled. */
function environment(): NodeJS.ProcessEnv {
  const packages = join(projectFolder, "node_modules");
  return {
    NODE_COMPILE_CACHE: join(packages, ".cache", "compiled"),
    ...process.env,
    PATH: [dirname(process.execPath), join(packages, ".bin"), process.env.PATH].join(":"),
  };
}

/** What a step is called and what it runs. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Runs the step in the project's folder; on failure the process exits with the step's code. */
export function runStep({ name, command, args }: Step): void {
  const startedAt = performance.now();
  const result = spawnSync(command, args, { cwd: projectFolder, stdio: "inherit", env: environment() });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (result.error !== undefined) {
    console.error(`${name}: ${command} did not start: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) {
    console.error(`${name} failed after ${seconds} s`);
    process.exit(result.status ?? 1);
  }
  console.log(`${name}: ${seconds} s`);
}

/** Whether the step succeeded; what it prints is shown when it ends. */
function runQuietly({ name, command, args }: Step): Promise<boolean> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: projectFolder, stdio: ["ignore", "pipe", "pipe"], env: environment() });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", (error) => output.push(Buffer.from(`${command} did not start: ${error.message}\n`)));
    child.once("close", (code) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      process.stdout.write(Buffer.concat(output));
      console.log(`${name}: ${code === 0 ? "" : "failed after "}${seconds} s`);
      resolve(code === 0);
    });
  });
}

/** Runs the lanes side by side, each lane's steps one after the other; exits with 1 when all have ended and any step failed. */
export async function runLanes(lanes: readonly (readonly Step[])[]): Promise<void> {
  const results = await Promise.all(
    lanes.map(async (steps) => {
      let succeeded = true;
      for (const step of steps) succeeded = (await runQuietly(step)) && succeeded;
      return succeeded;
    }),
  );
  if (results.includes(false)) process.exit(1);
}

/** A step that runs a script of this project, or Node itself with flags. */
export function nodeStep(name: string, ...args: string[]): Step {
  return { name, command: process.execPath, args };
}

/** TypeScript's native compiler: several times as fast as the one in JavaScript, which users' programs are still tested with. */
export function compileStep(name: string, project: string): Step {
  return nodeStep(name, join("node_modules", "typescript-native", "bin", "tsc"), "-p", project);
}

/** A step that runs the executable of a development dependency. */
export function packageStep(name: string, executable: string, ...args: string[]): Step {
  return { name, command: join(projectFolder, "node_modules", ".bin", executable), args };
}
