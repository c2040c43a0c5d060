/** IP addresses in text and in bytes, as Go's net package reads and prints them. */
import { isIPv4, isIPv6 } from "node:net";

/** Four bytes for IPv4, also for IPv4 within IPv6; else sixteen; `undefined` where the text is no address. Zones are refused. */
export function parseIp(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split(".").map(Number));
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [head = "", tail] = withoutDottedEnd(text).split("::");
  const headGroups = groupsOf(head);
  const tailGroups = groupsOf(tail ?? "");
  const zeros = Array<number>(8 - headGroups.length - tailGroups.length).fill(0);
  const bytes = [...headGroups, ...zeros, ...tailGroups].flatMap((group) => [group >> 8, group & 0xff]);
  return ipv4Within(Uint8Array.from(bytes)) ?? Uint8Array.from(bytes);
}

/** The text of 4 or 16 bytes: RFC 5952, and dotted for IPv4 within IPv6. */
export function printIp(bytes: Uint8Array): string {
  const ipv4 = bytes.length === 4 ? bytes : ipv4Within(bytes);
  if (ipv4 !== undefined) return ipv4.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0));
  const zeros = longestZeros(groups);
  const print = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  if (zeros === undefined) return print(groups);
  return `${print(groups.slice(0, zeros.start))}::${print(groups.slice(zeros.end))}`;
}

function withoutDottedEnd(text: string): string {
  const lastColon = text.lastIndexOf(":");
  const end = text.slice(lastColon + 1);
  if (!end.includes(".")) return text;
  const [a = 0, b = 0, c = 0, d = 0] = end.split(".").map(Number);
  return `${text.slice(0, lastColon + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

const groupsOf = (text: string): number[] =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));

function ipv4Within(bytes: Uint8Array): Uint8Array | undefined {
  const isWithin = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isWithin ? bytes.subarray(12) : undefined;
}

/** The first of the longest runs of two zeros or more. */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly end: number } | undefined {
  let longest: { start: number; end: number } | undefined;
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start >= 2 && end - start > (longest === undefined ? 0 : longest.end - longest.start))
      longest = { start, end };
    if (end > start) start = end;
  }
  return longest;
}
