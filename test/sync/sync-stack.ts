/** One stack of SyncedSecrets in one of the two forms, run by the real engine. */
import { cp, writeFile } from "node:fs/promises";
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
}

/** A stack with a home and a state of its own. */
export async function openSyncStack({ form, programFolder, folder, env }: SyncStackOptions): Promise<SyncStack> {
  const program = join(folder, "program");
  await cp(programFolder, program, { recursive: true, verbatimSymlinks: true });
  const printed: string[] = [];
  const pulumi = await openPulumi({
    folder: program,
    home: join(folder, "home"),
    passphrase: "sync",
    env,
    onOutput: (line) => printed.push(line),
  });
  await pulumi.stackInit();
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
    close: () => pulumi.close(),
  };
}
