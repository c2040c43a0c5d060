/** One stack of SyncedSecrets in one of the two forms, run by the real engine. */
import { cp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openPulumi, type Pulumi, type RunOptions } from "../ground/pulumi/index.ts";

export type Form = "executable" | "dynamic";

/** One resource of the program. */
export interface ProgramResource {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What the program makes. */
export interface Program {
  /** Of all resources. */
  readonly store?: unknown;
  readonly readSecret?: unknown;
  /** Configuration of an explicit provider. */
  readonly provider?: unknown;
  readonly resources: readonly ProgramResource[];
}

export interface SyncStack {
  readonly pulumi: Pulumi;
  /** All that the CLI printed so far. */
  readonly printed: readonly string[];
  /** The program from now on. */
  program(program: Program): Promise<void>;
  /** The program, then `pulumi up`. */
  up(program: Program, options?: RunOptions): Promise<string>;
  /** The state of a resource. */
  state(name: string): Promise<ResourceState>;
  /** The same stack in another environment. */
  reopen(env: Readonly<Record<string, string>>): Promise<Pulumi>;
  /** All files of the state: the last one, its backups and its history. */
  stateFiles(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface ResourceState {
  readonly id?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface SyncStackOptions {
  readonly form: Form;
  /** As `buildSyncPackage` made it; each stack gets a copy of the program. */
  readonly programFolder: string;
  /** Empty. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Default `dev`. */
  readonly stackName?: string;
}

/** A stack with a home and a state of its own. */
export async function openSyncStack(options: SyncStackOptions): Promise<SyncStack> {
  const { form, programFolder, folder, env, stackName = "dev" } = options;
  const program = join(folder, "program");
  await cp(programFolder, program, { recursive: true, verbatimSymlinks: true });
  const printed: string[] = [];
  const opened: Pulumi[] = [];
  const open = async (environment: SyncStackOptions["env"]) => {
    const home = join(folder, "home");
    const onOutput = (line: string) => void printed.push(line);
    const made = await openPulumi({ folder: program, home, passphrase: "sync", env: environment, onOutput });
    opened.push(made);
    await made.stackInit(stackName);
    return made;
  };
  const pulumi = await open(env);
  const write = (made: Program) => writeFile(join(program, "resources.json"), JSON.stringify({ form, ...made }));
  return {
    pulumi,
    printed,
    program: write,
    async up(made, options) {
      await write(made);
      return (await pulumi.up(options)).stdout;
    },
    async state(name) {
      const { deployment } = await pulumi.exportStack();
      const found = deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
      if (found === undefined) throw new Error(`the state has no resource "${name}"`);
      return { inputs: {}, outputs: {}, ...found };
    },
    reopen: open,
    async stateFiles() {
      const entries = await readdir(join(folder, "home", "state"), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    async close() {
      await Promise.all(opened.map((each) => each.close()));
    },
  };
}
