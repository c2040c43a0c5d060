/** Which shared libraries a program of this machine needs, as its own loader finds them. */
import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** A library: what the program asks for, and the file that answers. */
export interface SharedLibrary {
  /** Absolute. For the loader itself, the path that the kernel looks at; else where the loader finds it without a cache. */
  readonly imagePath: string;
  /** The file on this machine, absolute. */
  readonly file: string;
}

/** Loaded by the C library at run time for looking up host names, so no program's list has them. */
const RESOLVER_LIBRARIES = ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"];

/**
 * The libraries and the loader that `program` needs (`ldd`, at most 10 s), with the C library's resolver.
 * All libraries are put into the C library's own folder, which every loader searches.
 * @throws Error where `ldd` is missing or fails, or a library is not found.
 */
export async function sharedLibraries(program: string, signal: AbortSignal): Promise<SharedLibrary[]> {
  const { stdout } = await promisify(execFile)("ldd", [program], { signal, timeout: 10_000 });
  const { libraries, loader } = parseLdd(stdout, program);
  const libc = libraries.find(({ name }) => name.startsWith("libc.so") || name.startsWith("libc.musl-"));
  const folder = dirname(libc?.file ?? loader);
  const found = libraries.map(({ name, file }) => ({ imagePath: join(folder, name), file }));
  found.push({ imagePath: loader, file: loader });
  for (const name of RESOLVER_LIBRARIES) {
    const file = join(folder, name);
    if (found.every(({ imagePath }) => imagePath !== file) && (await isReadable(file))) {
      found.push({ imagePath: file, file });
    }
  }
  return found;
}

/**
 * Reads the output of `ldd`: `name => /file (address)` and, for the loader, `/file (address)`.
 * @throws Error where a library is not found, or there is no loader in it (a static program, or none at all).
 */
export function parseLdd(output: string, program: string) {
  const libraries: { name: string; file: string }[] = [];
  let loader = "";
  for (const line of output.split("\n")) {
    const missing = /^\s*(\S+) => not found/.exec(line);
    if (missing) throw new Error(`${program} needs ${missing[1]}, which is not on this machine`);
    const named = /^\s*(\S+) => (\/\S+)/.exec(line);
    const plain = /^\s*(\/\S+) \(0x/.exec(line);
    if (named?.[1] !== undefined && named[2] !== undefined) {
      if (named[1].startsWith("/")) loader = named[1];
      else libraries.push({ name: named[1], file: named[2] });
    } else if (plain?.[1] !== undefined) loader = plain[1];
  }
  if (loader === "") throw new Error(`ldd names no loader for ${program}: is it a dynamic program of this machine?`);
  return { libraries, loader };
}

async function isReadable(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
