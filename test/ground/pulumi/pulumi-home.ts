/** Fills a PULUMI_HOME with the plugins that a Node program needs: Pulumi's own where they can be had, else stand-ins. */
import { mkdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProcessRegistry } from "../process/supervised-process.ts";
import { findOnPath } from "../tools/find-on-path.ts";
import { isExecutable } from "../tools/tool-cache.ts";
import { findKubernetesPlugin, type PluginSearch } from "./kubernetes-plugin.ts";

const LANGUAGE_HOST = "pulumi-language-nodejs";
const DYNAMIC_PROVIDER = "pulumi-resource-pulumi-nodejs";

/** Packages whose providers a stand-in plays, so that tests never touch a cloud. */
const CLOUDS = ["aws", "azure-native", "gcp", "vault"];

/** Whose plugin it is. */
export type PluginOrigin = "official" | "stand-in";

export interface PulumiHome {
  /** First in PATH: `node`, `pulumi`. */
  readonly binFolder: string;
  readonly languageHost: PluginOrigin;
  /** `undefined` for a program that has no `@pulumi/kubernetes`. */
  readonly kubernetesProvider: PluginOrigin | undefined;
}

export interface HomeOptions extends Omit<PluginSearch, "version"> {
  readonly home: string;
  /** The project; its packages decide about versions. */
  readonly projectFolder: string;
  /** Default: "official" where it can be had. */
  readonly kubernetesProvider: PluginOrigin | undefined;
}

/**
 * Prepares the home. Plugins in it are found without a warning, if PULUMI_IGNORE_AMBIENT_PLUGINS is set.
 * @throws when the project has no `@pulumi/pulumi`, or the official Kubernetes provider is asked for and can't be had.
 */
export async function preparePulumiHome(options: HomeOptions, registry: ProcessRegistry): Promise<PulumiHome> {
  const { home, pulumiPath, projectFolder } = options;
  const binFolder = join(home, "bin");
  await mkdir(binFolder, { recursive: true });
  await replaceLink(join(binFolder, "node"), process.execPath);
  await replaceLink(join(binFolder, "pulumi"), pulumiPath);
  const projectRequire = createRequire(join(projectFolder, "program.js"));
  const sdkVersion = packageVersion(projectRequire, "@pulumi/pulumi");
  if (sdkVersion === undefined) throw new Error(`${projectFolder} has no @pulumi/pulumi: run npm ci first`);
  const besidePulumi = dirname(await realpath(pulumiPath));

  let languageHost: PluginOrigin = "official";
  if (!(await isExecutable(join(besidePulumi, LANGUAGE_HOST)))) {
    const onPath = await findOnPath(LANGUAGE_HOST, options.environment.PATH);
    if (onPath === undefined) languageHost = "stand-in";
    const command = onPath === undefined ? nodeCommand("./language-host/main.ts") : [onPath];
    await writePlugin(home, `language-nodejs-v${sdkVersion}`, LANGUAGE_HOST, command);
  }
  if (!(await isExecutable(join(besidePulumi, DYNAMIC_PROVIDER)))) {
    const program = projectRequire.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    await writePlugin(home, `resource-pulumi-nodejs-v${sdkVersion}`, DYNAMIC_PROVIDER, [process.execPath, program]);
  }
  for (const cloud of CLOUDS) {
    const version = packageVersion(projectRequire, `@pulumi/${cloud}`);
    if (version === undefined) continue;
    const command = [...nodeCommand("./cloud-provider/main.ts"), `--sdk-version=${version}`];
    await writePlugin(home, `resource-${cloud}-v${version}`, `pulumi-resource-${cloud}`, command);
  }
  const version = packageVersion(projectRequire, "@pulumi/kubernetes");
  const kubernetesProvider = version && (await installKubernetesPlugin({ ...options, version }, registry));
  return { binFolder, languageHost, kubernetesProvider: kubernetesProvider || undefined };
}

async function installKubernetesPlugin(
  options: HomeOptions & { readonly version: string },
  registry: ProcessRegistry,
): Promise<PluginOrigin> {
  const { home, version, kubernetesProvider: wanted, onProgress } = options;
  const official = wanted === "stand-in" ? undefined : await findKubernetesPlugin(options, registry);
  if (official === undefined && wanted === "official") {
    throw new Error(`pulumi-resource-kubernetes ${version} can't be had: install it by \`pulumi plugin install\``);
  }
  const command =
    official === undefined ? [...nodeCommand("./kubernetes-provider/main.ts"), `--sdk-version=${version}`] : [official];
  await writePlugin(home, `resource-kubernetes-v${version}`, "pulumi-resource-kubernetes", command);
  onProgress(
    official === undefined
      ? `Kubernetes provider ${version}: a stand-in of the tests, since Pulumi's own can't be had here`
      : `Kubernetes provider ${version}: ${official}`,
  );
  return official === undefined ? "stand-in" : "official";
}

async function replaceLink(path: string, target: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

function nodeCommand(script: string): string[] {
  return [process.execPath, fileURLToPath(new URL(script, import.meta.url))];
}

/** Pulumi looks for real folders only, so that a plugin elsewhere needs a small script. */
async function writePlugin(home: string, folder: string, program: string, command: readonly string[]): Promise<void> {
  const path = join(home, "plugins", folder);
  await mkdir(path, { recursive: true });
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  await writeFile(join(path, program), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}

function packageVersion(projectRequire: NodeJS.Require, name: string): string | undefined {
  try {
    const { version } = projectRequire(`${name}/package.json`);
    return version;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
