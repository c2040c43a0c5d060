/** Version constraints: `>= 1.2, < 2 || ~3.1`. */
import { RE2JS } from "re2js";
import { GoError } from "../../go-value.ts";
import { LEFT_OUT } from "../define.ts";
import { comparePrereleases, compareVersions, parseVersion, type Version } from "./version.ts";

/** One comparison. */
interface Constraint {
  readonly operator: string;
  readonly version: Version;
  /** Whether a part of the version is `x` or missing. */
  readonly isPartial: boolean;
  readonly isMinorOpen: boolean;
  readonly isPatchOpen: boolean;
}

/** Alternatives, each a list of comparisons that must all hold. */
export type Constraints = readonly (readonly Constraint[])[];

const IDENTIFIERS = "([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*)";
const VERSION = `v?([0-9|x|X|\\*]+)(\\.[0-9|x|X|\\*]+)?(\\.[0-9|x|X|\\*]+)?(-${IDENTIFIERS})?(\\+${IDENTIFIERS})?`;
const OPERATORS = "=||!=|>|<|>=|=>|<=|=<|~|~>|\\^";
/** Where the second version of a range stands among the groups. */
const SECOND_VERSION = 11;

/** Reads constraints. Expressions are compiled once, and in linear time, as constraints may be hostile. */
export class ConstraintReader {
  readonly #one = RE2JS.compile(`^\\s*(${OPERATORS})\\s*(${VERSION})\\s*$`);
  readonly #range = RE2JS.compile(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`);
  readonly #any = RE2JS.compile(`(${OPERATORS})\\s*(${VERSION})`);
  readonly #all = RE2JS.compile(
    `^(\\s*(${OPERATORS})\\s*(${VERSION})\\s*)((?:\\s+|,\\s*)(${OPERATORS})\\s*(${VERSION})\\s*)*$`,
  );

  /**
   * The constraints of the call's first argument.
   * @throws GoError
   */
  read(text: string): Constraints {
    return this.#withoutRanges(text)
      .split("||")
      .map((alternative) => {
        if (!this.#all.matcher(alternative).find()) throw improper(alternative);
        const matcher = this.#any.matcher(alternative);
        const constraints: Constraint[] = [];
        while (matcher.find()) constraints.push(this.#constraint(matcher.group() ?? ""));
        return constraints;
      });
  }

  /** `1.2 - 2` is `>= 1.2, <= 2`. */
  #withoutRanges(text: string): string {
    const matcher = this.#range.matcher(text);
    let result = text;
    while (matcher.find()) {
      const range = `>= ${matcher.group(1) ?? ""}, <= ${matcher.group(SECOND_VERSION) ?? ""} `;
      const whole = matcher.group() ?? "";
      const at = result.indexOf(whole);
      if (at >= 0) result = result.slice(0, at) + range + result.slice(at + whole.length);
    }
    return result;
  }

  #constraint(text: string): Constraint {
    const matcher = this.#one.matcher(text);
    if (!matcher.find()) throw improper(text);
    const [operator = "", version = "", major = "", minor = "", patch = "", prerelease = ""] = [1, 2, 3, 4, 5, 6].map(
      (group) => matcher.group(group) ?? "",
    );
    const isMajorOpen = isOpen(major);
    const isMinorOpen = !isMajorOpen && isOpen(minor);
    const isPatchOpen = !isMajorOpen && !isMinorOpen && isOpen(patch);
    const whole = isMajorOpen
      ? `0.0.0${prerelease}`
      : isMinorOpen
        ? `${major}.0.0${prerelease}`
        : isPatchOpen
          ? `${major}${minor}.0${prerelease}`
          : version;
    return {
      operator,
      version: parsedOrFault(whole),
      isPartial: isMajorOpen || isMinorOpen || isPatchOpen,
      isMinorOpen,
      isPatchOpen,
    };
  }
}

function isOpen(part: string): boolean {
  return part === "" || /^\.?[xX*]$/.test(part);
}

function parsedOrFault(text: string): Version {
  try {
    return parseVersion(text, 0);
  } catch (error) {
    if (error instanceof GoError) throw new GoError("constraint Parser Error");
    throw error;
  }
}

function improper(text: string): GoError {
  return new GoError((isLiteral) => `improper constraint: ${isLiteral(0) ? text : LEFT_OUT}`);
}

/** Whether a version meets the constraints. */
export function meets(version: Version, constraints: Constraints): boolean {
  return constraints.some((alternative) => alternative.every((constraint) => holds(version, constraint)));
}

function holds(version: Version, constraint: Constraint): boolean {
  const { operator, version: wanted } = constraint;
  if (operator === "!=") return differs(version, constraint);
  // A prerelease is only compared with a constraint that names one.
  if (version.prerelease !== "" && wanted.prerelease === "") return false;
  const order = compareVersions(version, wanted);
  switch (operator) {
    case ">":
      return isGreater(version, constraint);
    case "<":
      return order < 0;
    case ">=":
    case "=>":
      return order >= 0;
    case "<=":
    case "=<":
      return isLessOrEqual(version, constraint);
    case "~":
    case "~>":
      return isNear(version, constraint);
    case "^":
      return isCompatible(version, constraint);
    default:
      return constraint.isPartial ? isNear(version, constraint) : order === 0;
  }
}

function differs(version: Version, { version: wanted, isPartial, isMinorOpen, isPatchOpen }: Constraint): boolean {
  if (!isPartial) return compareVersions(version, wanted) !== 0;
  if (version.prerelease !== "" && wanted.prerelease === "") return false;
  if (wanted.major !== version.major) return true;
  if (isMinorOpen) return false;
  if (wanted.minor !== version.minor) return true;
  if (!isPatchOpen) return wanted.patch !== version.patch || compareVersions(version, wanted) !== 0;
  return comparePrereleases(version.prerelease, wanted.prerelease) !== 0;
}

function isGreater(version: Version, { version: wanted, isMinorOpen, isPatchOpen }: Constraint): boolean {
  if (isMinorOpen) return version.major > wanted.major;
  if (isPatchOpen)
    return version.major > wanted.major || (version.major === wanted.major && version.minor > wanted.minor);
  return compareVersions(version, wanted) > 0;
}

function isLessOrEqual(version: Version, { version: wanted, isPartial, isMinorOpen }: Constraint): boolean {
  if (!isPartial) return compareVersions(version, wanted) <= 0;
  if (version.major !== wanted.major) return version.major < wanted.major;
  return isMinorOpen || version.minor <= wanted.minor;
}

/** `~`: the same major, and the same minor where one is given. */
function isNear(version: Version, { version: wanted, isMinorOpen, isPatchOpen }: Constraint): boolean {
  if (compareVersions(version, wanted) < 0) return false;
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (isZero && !isMinorOpen && !isPatchOpen) return true;
  return version.major === wanted.major && (isMinorOpen || version.minor === wanted.minor);
}

/** `^`: the same first part that is not zero. */
function isCompatible(version: Version, { version: wanted, isMinorOpen, isPatchOpen }: Constraint): boolean {
  if (compareVersions(version, wanted) < 0 || version.major !== wanted.major) return false;
  if (wanted.major > 0n || isMinorOpen) return true;
  if (wanted.minor > 0n || isPatchOpen) return version.minor === wanted.minor;
  return version.minor === 0n && version.patch === wanted.patch;
}
