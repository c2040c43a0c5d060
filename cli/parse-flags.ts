/** Flags as Go programs take them: `--name=value`, `--name value`, `-name`; a boolean stands alone or takes `=value`. */
import { parseDurationMs } from "../api/duration.ts";

/** What a flag takes. */
export type FlagKind = "string" | "boolean" | "integer" | "number" | "duration";

export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  /** As it would be written; shown by `--help`. */
  readonly default: string;
  readonly help: string;
  /** Values that it may have; unset: any of its kind. */
  readonly choices?: readonly string[];
  /** Accepted for the sake of existing manifests; unset: it is carried out. The text says why it does nothing. */
  readonly noEffect?: string;
}

/** The command line is wrong; the message is for the person who wrote it. */
export class UsageError extends Error {}

/** The flags that were given. */
export interface GivenFlags {
  /** The text that was given, or the default. */
  text(name: string): string;
  isTrue(name: string): boolean;
  number(name: string): number;
  /** Of a duration. */
  milliseconds(name: string): number;
  has(name: string): boolean;
  /** In the order of the command line. */
  readonly names: readonly string[];
}

const BOOLEANS: Readonly<Record<string, boolean>> = { 1: true, t: true, true: true, 0: false, f: false, false: false };

/**
 * Reads all arguments as flags.
 * @throws UsageError for an unknown flag (naming the nearest one), a missing or wrong value, or an argument that is no flag.
 */
export function parseFlags(flags: readonly Flag[], args: readonly string[]): GivenFlags {
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const given = new Map<string, string>();
  const rest = args.values();
  for (const arg of rest) {
    const match = /^--?([a-zA-Z][^=]*)(?:=([\s\S]*))?$/.exec(arg);
    if (match === null) throw new UsageError(`"${arg}" is no flag; flags begin with --`);
    const [, name = "", attached] = match;
    const flag = byName.get(name);
    if (flag === undefined) throw new UsageError(unknownFlag(name, [...byName.keys()]));
    const value = attached ?? (flag.kind === "boolean" ? "true" : rest.next().value);
    if (value === undefined) throw new UsageError(`--${name} needs a value`);
    check(flag, value);
    given.set(name, value);
  }
  return read(byName, given);
}

function read(byName: ReadonlyMap<string, Flag>, given: ReadonlyMap<string, string>): GivenFlags {
  const text = (name: string) => {
    const flag = byName.get(name);
    if (flag === undefined) throw new TypeError(`there is no flag ${name}`);
    return given.get(name) ?? flag.default;
  };
  return {
    text,
    isTrue: (name) => BOOLEANS[text(name).toLowerCase()] === true,
    number: (name) => Number(text(name)),
    milliseconds: (name) => parseDurationMs(text(name)) ?? 0,
    has: (name) => given.has(name),
    names: [...given.keys()],
  };
}

function check({ name, kind, choices }: Flag, value: string): void {
  const wrong = (what: string) => new UsageError(`--${name}: "${value}" is no ${what}`);
  if (choices !== undefined && !choices.includes(value)) {
    throw new UsageError(`--${name}: "${value}" is not one of ${choices.join(", ")}`);
  }
  if (kind === "boolean" && BOOLEANS[value.toLowerCase()] === undefined) throw wrong("boolean; write true or false");
  if (kind === "integer" && !/^-?\d+$/.test(value)) throw wrong("whole number");
  if (kind === "number" && !/^-?\d+(\.\d+)?$/.test(value)) throw wrong("number");
  if (kind === "duration" && parseDurationMs(value) === undefined)
    throw wrong("duration; write one such as 5m or 1h30m");
}

function unknownFlag(name: string, names: readonly string[]): string {
  const nearest = names
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const isNear = nearest !== undefined && nearest.distance <= Math.max(2, name.length / 3);
  return `unknown flag --${name}${isNear ? `; did you mean --${nearest.candidate}?` : ""}`;
}

/** Levenshtein's. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, replaced));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
