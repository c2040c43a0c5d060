/** Semantic versions as Masterminds/semver 3.3 reads and compares them: minor and patch may be missing. */
import { GoError } from "../../go-value.ts";
import { LEFT_OUT } from "../define.ts";

/** A version. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** After the hyphen; empty for a release. */
  readonly prerelease: string;
  /** After the plus. */
  readonly metadata: string;
  /** As it was given. */
  readonly original: string;
}

const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const VERSION = new RegExp(
  `^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${IDENTIFIERS}))?(?:\\+(${IDENTIFIERS}))?$`,
);

/**
 * Reads a version.
 * @param argument which argument of the call the text is
 * @throws GoError
 */
export function parseVersion(text: string, argument: number): Version {
  const match = VERSION.exec(text);
  if (match === null) throw new GoError("Invalid Semantic Version");
  const [, major = "", minor = "0", patch = "0", prerelease = "", metadata = ""] = match;
  const version = {
    major: segment(major, argument),
    minor: segment(minor, argument),
    patch: segment(patch, argument),
    prerelease,
    metadata,
    original: text,
  };
  if (prerelease !== "") checkPrerelease(prerelease);
  return version;
}

function segment(digits: string, argument: number): bigint {
  const significant = digits.replace(/^0+/, "") || "0";
  const value = significant.length > 20 ? 1n << 64n : BigInt(significant);
  if (value < 1n << 64n) return value;
  throw new GoError((isLiteral) => {
    const shown = isLiteral(argument) ? digits : LEFT_OUT;
    return `Error parsing version segment: strconv.ParseUint: parsing "${shown}": value out of range`;
  });
}

/** @throws GoError for numbers with leading zeros and for other characters */
export function checkPrerelease(prerelease: string): void {
  for (const part of prerelease.split(".")) {
    if (/^0[0-9]+$/.test(part)) throw new GoError("Version segment starts with 0");
    if (!/^[0-9A-Za-z-]*$/.test(part)) throw new GoError("Invalid Prerelease string");
  }
}

/** @throws GoError for characters that there may not be */
export function checkMetadata(metadata: string): void {
  if (!/^[0-9A-Za-z.-]*$/.test(metadata)) throw new GoError("Invalid Metadata string");
}

/** `1.2.3-rc.1+build`. */
export function printVersion({ major, minor, patch, prerelease, metadata }: Version): string {
  return `${major}.${minor}.${patch}${prerelease && `-${prerelease}`}${metadata && `+${metadata}`}`;
}

/** -1, 0 or 1; metadata does not count. */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  const numbers = order(a.major, b.major) || order(a.minor, b.minor) || order(a.patch, b.patch);
  if (numbers !== 0) return numbers;
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === "") return 1;
  return b.prerelease === "" ? -1 : comparePrereleases(a.prerelease, b.prerelease);
}

/** Part by part; a missing part comes first. */
export function comparePrereleases(a: string, b: string): -1 | 0 | 1 {
  const [left, right] = [a.split("."), b.split(".")];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const compared = compareParts(left[index] ?? "", right[index] ?? "");
    if (compared !== 0) return compared;
  }
  return 0;
}

/** Numbers by value and before texts. */
function compareParts(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a === "") return -1;
  if (b === "") return 1;
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left === undefined && right === undefined) return a > b ? 1 : -1;
  if (left === undefined) return 1;
  if (right === undefined) return -1;
  return left > right ? 1 : -1;
}

function numberOf(part: string): bigint | undefined {
  if (!/^[0-9]+$/.test(part)) return undefined;
  const significant = part.replace(/^0+/, "") || "0";
  const value = significant.length > 20 ? 1n << 64n : BigInt(significant);
  return value < 1n << 64n ? value : undefined;
}

function order(a: bigint, b: bigint): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}
