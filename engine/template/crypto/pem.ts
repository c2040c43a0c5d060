/** PEM as Go's encoding/pem reads and writes it, on Go strings. */
import { decodeBase64 } from "./base64.ts";

/** A block: what stands between its lines, decoded. */
export interface PemBlock {
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
}

interface Decoded {
  /** Unset: there is none. */
  readonly block: PemBlock | undefined;
  /** What follows the block; everything, where there is none. */
  readonly rest: string;
}

const BEGIN = "-----BEGIN ";
const END = "\n-----END ";
const DASHES = "-----";

/** The next block. One whose lines do not fit, or that holds no base64, is passed over as Go does. */
export function decodePem(text: string): Decoded {
  let rest = text;
  for (;;) {
    const found = nextFrame(rest);
    if (found === undefined) return { block: undefined, rest: text };
    if ("skipTo" in found) {
      rest = found.skipTo;
      continue;
    }
    const { type, body, afterEnd, afterBegin } = found;
    const headers = new Map<string, string>();
    const bodyStart = readHeaders(afterBegin, headers);
    if (bodyStart === undefined) return { block: undefined, rest: text };
    const bytes = decodeBody(body, headers.size, bodyStart);
    const trailer = `${type}${DASHES}`;
    const [restOfLine, following] = splitLine(afterEnd.slice(trailer.length));
    if (bytes !== undefined && afterEnd.startsWith(trailer) && restOfLine === "") {
      return { block: { type, headers, bytes }, rest: following };
    }
    rest = afterEnd;
  }
}

/** All blocks up to the first place that begins none, and what is left there. */
export function decodeAllPem(text: string): { readonly blocks: readonly PemBlock[]; readonly rest: string } {
  const blocks: PemBlock[] = [];
  let rest = text;
  for (;;) {
    const decoded = decodePem(rest);
    if (decoded.block === undefined) return { blocks, rest: decoded.rest };
    blocks.push(decoded.block);
    rest = decoded.rest;
  }
}

/** A block as text: `Proc-Type` first, the other headers in order, lines of 64 characters. */
export function encodePem(type: string, bytes: Uint8Array, headers: ReadonlyMap<string, string> = new Map()): string {
  const names = [...headers.keys()].sort();
  const ordered = [...names.filter((name) => name === "Proc-Type"), ...names.filter((name) => name !== "Proc-Type")];
  const head = ordered.map((name) => `${name}: ${headers.get(name)}\n`).join("");
  const body = Buffer.from(bytes)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n");
  return `${BEGIN}${type}${DASHES}\n${head}${head === "" ? "" : "\n"}${body}${END.slice(1)}${type}${DASHES}\n`;
}

/** Drops what stands before the first block. */
export function trimJunk(text: string): string {
  const index = text.indexOf("-----BEGIN");
  return index < 0 ? text : text.slice(index);
}

interface Frame {
  readonly type: string;
  /** What follows the BEGIN line. */
  readonly afterBegin: string;
  /** What stands between the BEGIN line and the END line; unset: the END line follows at once. */
  readonly body: string | undefined;
  /** What follows `-----END `. */
  readonly afterEnd: string;
}

/** The first END line and the last BEGIN line before it. */
function nextFrame(text: string): Frame | { readonly skipTo: string } | undefined {
  const end = text.indexOf(END);
  if (end < 0) return undefined;
  const afterEnd = text.slice(end + END.length);
  const begin = end < BEGIN.length ? -1 : text.lastIndexOf(BEGIN, end - BEGIN.length);
  if (begin < 0 || (begin > 0 && text[begin - 1] !== "\n")) return { skipTo: afterEnd };
  const start = begin + BEGIN.length;
  const [typeLine, afterBegin] = splitLine(text.slice(start));
  if (!typeLine.endsWith(DASHES)) return { skipTo: afterEnd };
  const consumed = text.length - start - afterBegin.length;
  const length = end - start - consumed;
  const body = length >= 0 ? afterBegin.slice(0, length) : undefined;
  return { type: typeLine.slice(0, -DASHES.length), afterBegin, body, afterEnd };
}

/** Reads `Key: value` lines and gives how many bytes they take; `undefined` when the text ends in them. */
function readHeaders(text: string, headers: Map<string, string>): number | undefined {
  let rest = text;
  for (;;) {
    if (rest === "") return undefined;
    const [line, next] = splitLine(rest);
    const colon = line.indexOf(":");
    if (colon < 0) return text.length - rest.length;
    headers.set(trimmed(line.slice(0, colon), SPACES, SPACES), trimmed(line.slice(colon + 1), SPACES, SPACES));
    rest = next;
  }
}

function decodeBody(body: string | undefined, headerCount: number, start: number): Uint8Array | undefined {
  if (body === undefined) return headerCount > 0 ? undefined : new Uint8Array();
  if (start > body.length) return undefined;
  return decodeBase64(body.slice(start).replace(/[ \t]/g, ""));
}

/** The first line, without the white space at its end, and what follows it. */
function splitLine(text: string): [line: string, rest: string] {
  const newline = text.indexOf("\n");
  const line = newline < 0 ? text : text.slice(0, newline);
  const withoutReturn = newline > 0 && line.endsWith("\r") ? line.slice(0, -1) : line;
  return [trimmed(withoutReturn, " \t"), newline < 0 ? "" : text.slice(newline + 1)];
}

const SPACES = " \t\n\v\f\r";

/** Without those characters at the end, and at the start. A regular expression would look at each run of them again and again. */
function trimmed(text: string, atEnd: string, atStart = ""): string {
  let start = 0;
  let end = text.length;
  while (end > 0 && atEnd.includes(text.charAt(end - 1))) end--;
  while (start < end && atStart.includes(text.charAt(start))) start++;
  return text.slice(start, end);
}
