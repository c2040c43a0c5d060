/** Percent escapes in the parts of a URL, by Go's rules. */

/** The parts, each with the characters that need no escape in it beside letters and digits. */
const UNESCAPED = {
  path: "$&+,-./:;=@_~",
  host: "!\"$&'()*+,-.:;<=>[]_~",
  zone: "!\"$&'()*+,-.:;<=>[]_~",
  userPassword: "$&+,-.;=_~",
  fragment: "!$&()*+,-./:;=?@_~",
} as const;

/** A part of a URL. */
export type UrlPart = keyof typeof UNESCAPED;

/** What is wrong with a URL; `quoted` is the piece of it that Go's message shows between the two texts. */
export class UrlFault extends Error {
  override readonly name = "UrlFault";
  readonly before: string;
  readonly quoted: string | undefined;
  readonly after: string;
  /** Whether it is in the part after `#`. */
  isInFragment = false;

  constructor(before: string, quoted?: string, after = "") {
    super(before);
    this.before = before;
    this.quoted = quoted;
    this.after = after;
  }
}

/** Whether a byte must be escaped. */
export function mustEscape(byte: string, part: UrlPart): boolean {
  return !/^[0-9A-Za-z]$/.test(byte) && !UNESCAPED[part].includes(byte);
}

/** Escapes what must be. */
export function escapeUrl(text: string, part: UrlPart): string {
  return text.replace(/[^0-9A-Za-z]/g, (byte) =>
    mustEscape(byte, part) ? `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}` : byte,
  );
}

/**
 * Undoes escapes.
 * @throws UrlFault for a wrong escape, and in hosts for characters that there may not be
 */
export function unescapeUrl(text: string, part: UrlPart): string {
  const isHost = part === "host" || part === "zone";
  let output = "";
  for (let at = 0; at < text.length; at++) {
    const byte = text.charAt(at);
    if (byte !== "%") {
      if (isHost && byte < "\x80" && mustEscape(byte, part))
        throw new UrlFault("invalid character ", byte, " in host name");
      output += byte;
      continue;
    }
    const escaped = text.slice(at, at + 3);
    if (!/^%[0-9A-Fa-f]{2}$/.test(escaped)) throw new UrlFault("invalid URL escape ", escaped);
    const value = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    checkEscape(escaped, value, part);
    output += value;
    at += 2;
  }
  return output;
}

/** In a host only bytes beyond ASCII may be escaped, in a zone what may stand there, the percent sign and spaces. */
function checkEscape(escaped: string, value: string, part: UrlPart): void {
  if (escaped === "%25") return;
  const isWrong =
    (part === "host" && value < "\x80") || (part === "zone" && value !== " " && mustEscape(value, "host"));
  if (isWrong) throw new UrlFault("invalid URL escape ", escaped);
}
