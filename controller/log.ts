/** JSON lines as zap writes them: level, ts, msg, then the fields. */
import type { Logger } from "./kube/contracts.ts";

/** From the most to the least talkative. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How `ts` is written; zap's names. */
export const TIME_ENCODINGS = ["epoch", "millis", "nano", "iso8601", "rfc3339", "rfc3339nano"] as const;
export type TimeEncoding = (typeof TIME_ENCODINGS)[number];

export interface LoggerOptions {
  /** Lines below it are not written. */
  readonly level: LogLevel;
  readonly timeEncoding: TimeEncoding;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Takes one line, with its line break. */
  readonly write: (line: string) => void;
}

function encodedTime(ms: number, encoding: TimeEncoding): number | string {
  switch (encoding) {
    case "epoch":
      return ms / 1_000;
    case "millis":
      return ms;
    case "nano":
      return ms * 1e6;
    case "iso8601":
    case "rfc3339nano":
      return new Date(ms).toISOString();
    case "rfc3339":
      return `${new Date(ms).toISOString().slice(0, 19)}Z`;
  }
}

function isPlain(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/** Only plain values and lists of them: an object might hold secret values, so none is ever written. */
function plainFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(fields).filter(
    ([, value]) => isPlain(value) || (Array.isArray(value) && value.every(isPlain)),
  );
  return Object.fromEntries(kept);
}

/** Makes the logger. Fields that are objects (maps of values, bytes, whole resources) are dropped. */
export function createLogger(options: LoggerOptions): Logger {
  const threshold = LOG_LEVELS.indexOf(options.level);
  const log = (level: LogLevel) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    if (LOG_LEVELS.indexOf(level) < threshold) return;
    const ts = encodedTime(options.now(), options.timeEncoding);
    options.write(`${JSON.stringify({ level, ts, msg: message, ...plainFields(fields ?? {}) })}\n`);
  };
  return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}
