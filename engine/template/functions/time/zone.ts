/** Time zones: offsets by Intl, abbreviations and the names that Go knows by a table of the IANA database. */
import { ZONE_ABBREVIATIONS } from "./zone-abbreviations.generated.ts";

/** What a zone's clocks show at some time. */
export interface ZoneOffset {
  /** Seconds east of Greenwich. */
  readonly seconds: number;
  /** `CET`; may be empty. */
  readonly abbreviation: string;
  /** Whether it is summer time. */
  readonly isDaylightSaving: boolean;
}

/** A time zone. */
export interface Zone {
  /** As Go's `Location` prints it. */
  readonly name: string;
  /** At so many seconds since the Unix epoch. */
  offsetAt(seconds: bigint): ZoneOffset;
}

/** A zone of one offset. */
export function fixedZone(name: string, seconds: number, abbreviation = name): Zone {
  const offset = { seconds, abbreviation, isDaylightSaving: false };
  return { name, offsetAt: () => offset };
}

/** UTC, which is also what templates get for the local zone, wherever they run. */
export const UTC: Zone = fixedZone("UTC", 0);

/** A zone by its IANA name; `undefined` if there is none: names are told apart by case, as by Go. */
export function loadZone(name: string): Zone | undefined {
  if (name === "" || name === "UTC" || name === "Local") return UTC;
  const line = abbreviationsOf(name);
  if (line === undefined) return undefined;
  const eras = erasOf(line);
  const fixed = fixedOffset(eras);
  if (fixed !== undefined) return { name, offsetAt: () => fixed };
  const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  return {
    name,
    offsetAt: (seconds) => {
      const offset = offsetBy(format, seconds);
      const era = eras.find(({ from }) => seconds >= from) ?? eras.at(-1);
      return era?.offsets.get(offset) ?? { seconds: offset, abbreviation: "", isDaylightSaving: false };
    },
  };
}

/** A time in which each offset of a zone has one abbreviation. */
interface Era {
  readonly from: bigint;
  readonly offsets: ReadonlyMap<number, ZoneOffset>;
}

/** The eras of a zone in the table. */
function abbreviationsOf(name: string): string | undefined {
  if (!/^[A-Za-z0-9_+/-]+$/.test(name)) return undefined;
  for (let at = ZONE_ABBREVIATIONS.indexOf(name); at >= 0; at = ZONE_ABBREVIATIONS.indexOf(name, at + 1)) {
    const isName =
      /[\n ]/.test(ZONE_ABBREVIATIONS.charAt(at - 1)) && /[ |]/.test(ZONE_ABBREVIATIONS.charAt(at + name.length));
    if (isName) return /\|(.*)/.exec(ZONE_ABBREVIATIONS.slice(at))?.[1];
  }
  return undefined;
}

/** Reads a line of the table: eras, the newest first, `;` between them: `FROM OFFSET=ABBREVIATION[*] …`. */
function erasOf(line: string): Era[] {
  return line.split(";").map((era) => {
    const [from = "", ...offsets] = era.split(" ");
    return {
      from: from === "" ? -(1n << 63n) : BigInt(from),
      offsets: new Map(offsets.map(offsetOf)),
    };
  });
}

function offsetOf(text: string): [number, ZoneOffset] {
  const [, offset = "", abbreviation = "", star] = /^(-?[0-9]+)=([^*]*)(\*?)$/.exec(text) ?? [];
  const seconds = Number(offset);
  return [seconds, { seconds, abbreviation, isDaylightSaving: star === "*" }];
}

/** The offset of a zone that never had another one. */
function fixedOffset(eras: readonly Era[]): ZoneOffset | undefined {
  const [only, ...others] = eras.flatMap((era) => [...era.offsets.values()]);
  return others.length === 0 ? only : undefined;
}

/** JavaScript's dates end here, in seconds on both sides of 1970. */
const MAX_DATE_SECONDS = 8_640_000_000_000n;

function offsetBy(format: Intl.DateTimeFormat, seconds: bigint): number {
  const known =
    seconds > MAX_DATE_SECONDS ? MAX_DATE_SECONDS : seconds < -MAX_DATE_SECONDS ? -MAX_DATE_SECONDS : seconds;
  const parts = format.formatToParts(Number(known) * 1000);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0", rest = "0"] = /([+-])(\d+):(\d+)(?::(\d+))?$/.exec(name) ?? [];
  const magnitude = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  return sign === "-" ? -magnitude : magnitude;
}
