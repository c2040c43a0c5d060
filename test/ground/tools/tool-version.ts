/** Versions of tools: read from what a tool prints, and compared. */
import { execFile } from "node:child_process";

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** A tool that hangs (a wrapper that wants to ask something) must not hold up the resolution. */
const VERSION_TIMEOUT_MS = 10_000;

/** The first `1.2.3` in a text, whatever stands around it; undefined where there is none. */
export function parseVersion(text: string): Version | undefined {
  const match = /(?<![\d.])(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

export function formatVersion(version: Version): string {
  return `${version.major}.${version.minor}.${version.patch}`;
}

/** Whether major and minor are the same; the patch may be any. */
export function isSameMinor(found: Version, pinned: Version): boolean {
  return found.major === pinned.major && found.minor === pinned.minor;
}

/** Whether the minor versions differ by one at most. */
export function isWithinOneMinor(found: Version, pinned: Version): boolean {
  return found.major === pinned.major && Math.abs(found.minor - pinned.minor) <= 1;
}

/** Whether it is of the same major version and not older, by minor version. */
export function isAtLeast(found: Version, pinned: Version): boolean {
  return found.major === pinned.major && found.minor >= pinned.minor;
}

/**
 * Runs a tool to learn its version, for at most 10 s, without standard input. Pulumi is kept from looking for updates.
 * @returns undefined when it cannot be run, does not end in time or prints no version.
 */
export function askVersion(path: string, args: readonly string[], signal?: AbortSignal): Promise<Version | undefined> {
  return new Promise((resolve) => {
    const options = {
      timeout: VERSION_TIMEOUT_MS,
      killSignal: "SIGKILL" as const,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      ...(signal === undefined ? {} : { signal }),
    };
    const child = execFile(path, args, options, (error, stdout, stderr) => {
      resolve(error === null ? parseVersion(`${stdout}\n${stderr}`) : undefined);
    });
    child.stdin?.end();
  });
}
