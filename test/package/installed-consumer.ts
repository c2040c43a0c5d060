/** A project of a user: this package as it would be published, beside the dependencies that the development tree has. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { x as extract } from "tar";
import { projectFolder } from "../../scripts/run-step.ts";

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

/** Links every installed package; scoped ones one level deeper. */
function linkDependencies(modules: string): void {
  const source = join(projectFolder, "node_modules");
  for (const name of readdirSync(source)) {
    if (name.startsWith(".") || name === "pulumi-external-secrets") continue;
    if (!name.startsWith("@")) {
      symlinkSync(join(source, name), join(modules, name));
      continue;
    }
    mkdirSync(join(modules, name));
    for (const scoped of readdirSync(join(source, name)))
      symlinkSync(join(source, name, scoped), join(modules, name, scoped));
  }
}

/** A consumer's folder. */
export interface Consumer {
  readonly folder: string;
  /** Writes a file; its folder is made. */
  write(file: string, text: string): void;
  /** Runs Node in the folder and gives what it prints. @throws with its output when it fails. */
  node(args: readonly string[]): Promise<string>;
  /** Runs the TypeScript compiler in the folder. @throws with its output when it finds an error. */
  tsc(args: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Packs the built package and installs it into an empty project. Needs `npm run build` before. */
export async function installedConsumer(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), "consumer-"));
  const modules = join(folder, "node_modules");
  const installed = join(modules, "pulumi-external-secrets");
  await mkdir(installed, { recursive: true });
  const packed = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], {
    cwd: projectFolder,
    timeout: TIMEOUT_MS,
  });
  await extract({ file: join(folder, packed.stdout.trim()), cwd: installed, strip: 1 });
  linkDependencies(modules);
  const execute = async (args: readonly string[]) => {
    try {
      return (await run(process.execPath, [...args], { cwd: folder, timeout: TIMEOUT_MS })).stdout;
    } catch (error) {
      const output = error instanceof Error && "stdout" in error ? `${error.stdout}` : "";
      throw new Error(`${args.join(" ")} failed: ${error instanceof Error ? error.message : error}\n${output}`);
    }
  };
  return {
    folder,
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    node: execute,
    tsc: (args) => execute([join(projectFolder, "node_modules", "typescript", "bin", "tsc"), ...args]),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
