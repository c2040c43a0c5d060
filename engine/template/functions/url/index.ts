/** Sprig's functions of URLs. */
import { kindName, quote } from "../../fmt/index.ts";
import { GoError, type GoFunction, GoMap, type GoValue } from "../../go-value.ts";
import { asDict, asString, define, isNil, LEFT_OUT } from "../define.ts";
import { UrlFault } from "./escape.ts";
import { type GoUrl, hostnameOf, parseUrl, printUrl, printUser, type UserInfo } from "./go-url.ts";

/** The functions by their names in sprig. */
export function urlFunctions(): GoFunction[] {
  return [
    define("urlParse", ["string"], ([text]) => dictOfUrl(parse(asString(text)))),
    define("urlJoin", ["map[string]interface {}"], ([dict]) => printUrl(urlOfDict(asDict(dict)))),
  ];
}

function parse(text: string): GoUrl {
  try {
    return parseUrl(text);
  } catch (error) {
    if (error instanceof UrlFault) throw faultOf(error, text);
    throw error;
  }
}

/** Go's message for a URL that is the call's first argument. */
function faultOf(fault: UrlFault, text: string): GoError {
  const whole = fault.isInFragment ? text : (text.split("#", 1)[0] ?? "");
  return new GoError((isLiteral) => {
    const shown = (part: string): string => (isLiteral(0) ? quote(part) : `"${LEFT_OUT}"`);
    const reason = fault.before + (fault.quoted === undefined ? "" : shown(fault.quoted)) + fault.after;
    return `unable to parse url: parse ${shown(whole)}: ${reason}`;
  });
}

function dictOfUrl(url: GoUrl): GoMap {
  return new GoMap(
    new Map<string, GoValue>([
      ["scheme", url.scheme],
      ["host", url.host],
      ["hostname", hostnameOf(url.host)],
      ["path", url.path],
      ["query", url.query],
      ["opaque", url.opaque],
      ["fragment", url.fragment],
      ["userinfo", url.user === undefined ? "" : printUser(url.user)],
    ]),
  );
}

function urlOfDict(dict: GoMap): GoUrl {
  const part = (key: string): string => {
    if (!dict.entries.has(key)) return "";
    const value = dict.entries.get(key);
    if (isNil(value)) throw new GoError("runtime error: invalid memory address or nil pointer dereference");
    if (typeof value === "string") return value;
    throw new GoError(`unable to parse ${key} key, must be of type string, but ${kindName(value)} found`);
  };
  return {
    scheme: part("scheme"),
    host: part("host"),
    path: part("path"),
    query: part("query"),
    opaque: part("opaque"),
    fragment: part("fragment"),
    user: userOf(part("userinfo")),
  };
}

function userOf(userInfo: string): UserInfo | undefined {
  if (userInfo === "") return undefined;
  try {
    return parseUrl(`proto://${userInfo}@host`).user;
  } catch (error) {
    if (!(error instanceof UrlFault)) throw error;
    throw new GoError(
      `unable to parse userinfo in dict: ${error.before}${error.quoted === undefined ? "" : LEFT_OUT}${error.after}`,
    );
  }
}
