/** URLs as Go's net/url reads and writes them. */
import { isIPv6 } from "node:net";
import { escapeUrl, UrlFault, unescapeUrl } from "./escape.ts";

/** User and password, without escapes. */
export interface UserInfo {
  readonly username: string;
  readonly password: string | undefined;
}

/** A URL's parts; the path and the fragment without escapes. */
export interface GoUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: UserInfo | undefined;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

const EMPTY: GoUrl = { scheme: "", opaque: "", user: undefined, host: "", path: "", query: "", fragment: "" };

/**
 * `url.Parse`.
 * @throws UrlFault
 */
export function parseUrl(text: string): GoUrl {
  const [front, fragment] = cut(text, "#");
  const url = parseFront(front);
  try {
    return { ...url, fragment: unescapeUrl(fragment, "fragment") };
  } catch (error) {
    if (error instanceof UrlFault) error.isInFragment = true;
    throw error;
  }
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

function parseFront(text: string): GoUrl {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(text)) throw new UrlFault("net/url: invalid control character in URL");
  if (text === "*") return { ...EMPTY, path: "*" };
  const { scheme, rest: afterScheme } = schemeOf(text);
  const [rest, query] = cut(afterScheme, "?");
  const url = { ...EMPTY, scheme, query };
  if (!rest.startsWith("/")) {
    if (scheme !== "") return { ...url, opaque: rest };
    if (cut(rest, "/")[0].includes(":")) throw new UrlFault("first path segment in URL cannot contain colon");
  }
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) {
    return { ...url, path: unescapeUrl(rest, "path") };
  }
  const end = rest.indexOf("/", 2);
  const authority = end < 0 ? rest.slice(2) : rest.slice(2, end);
  return { ...url, ...parseAuthority(scheme, authority), path: unescapeUrl(end < 0 ? "" : rest.slice(end), "path") };
}

function schemeOf(text: string): { readonly scheme: string; readonly rest: string } {
  if (text.startsWith(":")) throw new UrlFault("missing protocol scheme");
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text);
  if (match === null) return { scheme: "", rest: text };
  return { scheme: (match[1] ?? "").toLowerCase(), rest: text.slice(match[0].length) };
}

function parseAuthority(scheme: string, authority: string): Pick<GoUrl, "user" | "host"> {
  const at = authority.lastIndexOf("@");
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const userInfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userInfo)) throw new UrlFault("net/url: invalid userinfo");
  const [username, password] = cut(userInfo, ":");
  return {
    user: {
      username: unescapeUrl(username, "userPassword"),
      password: userInfo.includes(":") ? unescapeUrl(password, "userPassword") : undefined,
    },
    host,
  };
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf("[");
  if (open > 0) throw new UrlFault("invalid IP-literal");
  if (open === 0) return parseAddress(host);
  const first = host.indexOf(":");
  // Databases allow several hosts with ports, so only the last colon counts, but for HTTP.
  const colon = scheme === "http" || scheme === "https" ? first : host.lastIndexOf(":");
  if (colon >= 0) checkPort(host.slice(colon));
  return unescapeUrl(host, "host");
}

function checkPort(port: string): void {
  if (!/^(?::[0-9]*)?$/.test(port)) throw new UrlFault("invalid port ", port, " after host");
}

/** `[fe80::1%25en0]:443` */
function parseAddress(host: string): string {
  const close = host.lastIndexOf("]");
  if (close < 0) throw new UrlFault("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf("%25");
  const address =
    zone < 0
      ? unescapeUrl(name, "host")
      : unescapeUrl(name.slice(0, zone), "host") + unescapeUrl(name.slice(zone), "zone");
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) throw new UrlFault("invalid IP-literal");
  if (!isIPv6(address.replace(/%.+$/s, "")))
    throw new UrlFault("invalid host: ParseAddr(", address, "): unable to parse IP");
  return `[${address}]${port}`;
}

/** The host without port and brackets. */
export function hostnameOf(host: string): string {
  const colon = host.lastIndexOf(":");
  const name = colon >= 0 && /^:[0-9]*$/.test(host.slice(colon)) ? host.slice(0, colon) : host;
  return name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name;
}

/** `user:password`, escaped. */
export function printUser({ username, password }: UserInfo): string {
  const name = escapeUrl(username, "userPassword");
  return password === undefined ? name : `${name}:${escapeUrl(password, "userPassword")}`;
}

/** `URL.String`. */
export function printUrl(url: GoUrl): string {
  const { scheme, opaque, query, fragment } = url;
  const start = scheme === "" ? "" : `${scheme}:`;
  const middle = opaque === "" ? printHierarchy(url, start) : opaque;
  return start + middle + (query && `?${query}`) + (fragment && `#${escapeUrl(fragment, "fragment")}`);
}

/** `//user@host/path`. */
function printHierarchy({ scheme, user, host, path }: GoUrl, start: string): string {
  let text = "";
  const hasAuthority = scheme !== "" || host !== "" || user !== undefined;
  if (hasAuthority && (host !== "" || path !== "" || user !== undefined)) text += "//";
  if (user !== undefined) text += `${printUser(user)}@`;
  text += escapeUrl(host, "host");
  const escaped = path === "*" ? "*" : escapeUrl(path, "path");
  if (escaped !== "" && !escaped.startsWith("/") && host !== "") text += "/";
  // A first segment with a colon would be taken for a scheme.
  if (start + text === "" && cut(escaped, "/")[0].includes(":")) text += "./";
  return text + escaped;
}
