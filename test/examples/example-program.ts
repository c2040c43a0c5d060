/** An example as a person has it: a folder of its own, with the packages that it names installed. */
import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { projectFolder } from "../../scripts/run-step.ts";
import { createTempFolder, type TempFolder } from "../ground/index.ts";
import { openPulumi, type Pulumi, type PulumiOptions } from "../ground/pulumi/index.ts";

/** Below `examples/` of the project. */
export const exampleFolder = (name: string): string => join(projectFolder, "examples", name);

const OWN_NAME = "pulumi-external-secrets";

/** Links what package.json names into node_modules, from the packages of this project. */
async function installPackages(folder: string): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies)) {
    const target = name === OWN_NAME ? projectFolder : join(projectFolder, "node_modules", name);
    const link = join(folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link);
  }
}

export interface ExampleProgram extends AsyncDisposable {
  readonly folder: string;
  readonly pulumi: Pulumi;
  /** All that the CLI has printed. */
  output(): string;
}

/**
 * Copies the example, makes the stack `dev` and sets its configuration; values of `secrets` are encrypted. Needs `npm run build` before.
 * Disposing it removes the copy; what the stack made stays.
 */
export async function openExample(
  name: string,
  options: {
    readonly config?: Readonly<Record<string, string>>;
    readonly secrets?: Readonly<Record<string, string>>;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<ExampleProgram> {
  const temporary: TempFolder = await createTempFolder("example");
  const folder = join(temporary.path, name);
  const printed: string[] = [];
  await cp(exampleFolder(name), folder, { recursive: true });
  await installPackages(folder);
  const pulumiOptions: PulumiOptions = { folder, env: options.env, onOutput: (line) => printed.push(line) };
  const pulumi = await openPulumi(pulumiOptions);
  await pulumi.stackInit();
  for (const [key, value] of Object.entries(options.config ?? {})) await pulumi.configSet(key, value);
  for (const [key, value] of Object.entries(options.secrets ?? {}))
    await pulumi.configSet(key, value, { secret: true });
  return {
    folder,
    pulumi,
    output: () => printed.join("\n"),
    async [Symbol.asyncDispose]() {
      await pulumi.close();
      await temporary.remove();
    },
  };
}
