/** Command lines that name files: `-f FILE…` and files without a flag, beside the other flags. */
import { UsageError } from "./parse-flags.ts";

/** Files, and what is left for `parseFlags`. */
export interface FileArguments {
  readonly files: readonly string[];
  readonly rest: readonly string[];
}

const FILE_FLAG = /^--?(?:f|file|filename)(?:=([\s\S]+))?$/;

/**
 * Takes out the files: all arguments that follow `-f` up to the next flag, and those before any flag.
 * @param takesValue whether a flag of that name takes the next argument, which is no file then
 * @throws UsageError for a `-f` without a file
 */
export function takeFiles(args: readonly string[], takesValue: (name: string) => boolean): FileArguments {
  const files: string[] = [];
  const rest: string[] = [];
  const remaining = args.values();
  for (const arg of remaining) {
    const match = FILE_FLAG.exec(arg);
    if (match !== null) {
      const file = match[1] ?? remaining.next().value;
      if (file === undefined) throw new UsageError(`${arg} needs a file`);
      files.push(file);
    } else if (arg.startsWith("-") && arg !== "-") {
      rest.push(arg);
      const value = !arg.includes("=") && takesValue(arg.replace(/^--?/, "")) ? remaining.next().value : undefined;
      if (value !== undefined) rest.push(value);
    } else files.push(arg);
  }
  return { files, rest };
}
