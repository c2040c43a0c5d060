/** The `options` of a program's Pulumi.yaml, and what they mean for the process that runs it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";

export interface ProgramOptions {
  /** Arguments of Node itself. */
  readonly nodeArgs: readonly string[];
  /** Environment that tells `@pulumi/pulumi` whether and how to use ts-node. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads the options; TypeScript by ts-node is on unless `typescript: false`. */
export function readProgramOptions(info: ProgramInfo): ProgramOptions {
  const options = info.getOptions()?.toJavaScript() ?? {};
  const environment: Record<string, string> = {};
  if (options.typescript !== false) environment.PULUMI_NODEJS_TYPESCRIPT = "true";
  if (typeof options.tsconfig === "string") environment.PULUMI_NODEJS_TSCONFIG_PATH = options.tsconfig;
  const nodeArgs = typeof options.nodeargs === "string" ? splitWords(options.nodeargs) : [];
  return { nodeArgs, environment };
}

/** Splits at blanks, but not inside of single or double quotes. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_match, double, single) => double ?? single));
}

/**
 * Finds a module of the SDK that the program itself has installed.
 * @throws when the program has no `@pulumi/pulumi`.
 */
export function resolveFromProgram(programFolder: string, module: string): string {
  try {
    return createRequire(join(programFolder, "program.js")).resolve(module);
  } catch (cause) {
    throw new Error(`${programFolder} has no @pulumi/pulumi: install the program's dependencies first`, { cause });
  }
}
