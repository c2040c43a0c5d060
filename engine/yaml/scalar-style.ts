/** How a text is written: plain, quoted or as a block, by what is in it. */
import { resolvePlain } from "./resolve.ts";

export type ScalarStyle = "plain" | "single-quoted" | "double-quoted" | "literal";

/** A float in base 60, which other readers of YAML 1.1 would take for a number. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** The style of a text; as a key it must stay on one line. */
export function styleOf(text: string, isKey: boolean): ScalarStyle {
  const isString = resolvePlain(text).type === "str" && !BASE_60.test(text);
  const findings = examine(text);
  if (text.includes("\n")) return isKey || !findings.permitsBlock ? "double-quoted" : "literal";
  if (!isString || (isKey && isMultiline(text))) return "double-quoted";
  if (findings.permitsPlain) return "plain";
  return findings.permitsSingleQuotes ? "single-quoted" : "double-quoted";
}

/** Whether there is any line break of YAML's. */
export function isMultiline(text: string): boolean {
  return /[\r\n\x85\u2028\u2029]/.test(text);
}

interface Findings {
  readonly permitsPlain: boolean;
  readonly permitsSingleQuotes: boolean;
  readonly permitsBlock: boolean;
}

/** Not printed as they are: control characters, those beyond the basic plane, and a byte order mark. */
const UNPRINTABLE = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;
const INDICATOR_FIRST = /^[#,[\]{}&*!|>'"%@`]|^[?:-](?:[ \t]|$)|^---|^\.\.\./;
const INDICATOR_WITHIN = /(?<=.):(?:[ \t]|$)|(?<=[ \t\r\n\x85\u2028\u2029])#/su;

function examine(text: string): Findings {
  const isSpecial = UNPRINTABLE.test(text) || / [\r\n\x85\u2028\u2029]/.test(text);
  const hasSpaceAfterBreak = /[\r\n\x85\u2028\u2029] /.test(text);
  const isEdged = /^[ \r\n\x85\u2028\u2029]|[ \r\n\x85\u2028\u2029]$/.test(text);
  const hasIndicators = INDICATOR_FIRST.test(text) || INDICATOR_WITHIN.test(text);
  return {
    permitsPlain: !isSpecial && !hasSpaceAfterBreak && !isEdged && !isMultiline(text) && !hasIndicators,
    permitsSingleQuotes: !isSpecial && !hasSpaceAfterBreak,
    permitsBlock: !isSpecial && !text.endsWith(" "),
  };
}

/** Whether the double-quoted form escapes the character. */
export function isEscaped(character: string): boolean {
  return character === '"' || character === "\\" || isMultiline(character) || UNPRINTABLE.test(character);
}
