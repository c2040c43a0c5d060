/** Which proxy a server is reached by, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say. */
import { BlockList, isIP } from "node:net";
import { InvalidConfiguration } from "./errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * The proxy's URL, or undefined for a direct connection. Each variable may be in lower case too; the upper case goes first. A
 * proxy without a scheme is `http`. `NO_PROXY` lists, with commas between them: `*`, a host (with its subdomains), `.domain` or
 * `*.domain` (the subdomains alone), an IP address, or a CIDR; all but `*` and CIDRs may end in `:port`.
 * @throws InvalidConfiguration where the variable holds no http or https URL; it is not quoted, since it may hold a password.
 */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const address = variable(environment, name);
  if (address === "" || isExempt(url, variable(environment, "NO_PROXY"))) return undefined;
  const proxy = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`);
  if (proxy !== null && DEFAULT_PORTS[proxy.protocol] !== undefined && proxy.hostname !== "") return proxy;
  throw new InvalidConfiguration(`${name} of the controller is not an http or https URL`, {
    remedy: `set ${name} to http://HOST:PORT, or add ${url.hostname} to NO_PROXY`,
  });
}

/** What authenticates at the proxy: the user and password of its URL. */
export function proxyAuthorization(proxy: URL): Readonly<Record<string, string>> {
  if (proxy.username === "" && proxy.password === "") return {};
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` };
}

/** The host without the brackets of IPv6, and the port, the scheme's own where none is named. */
export function hostAndPort(url: URL): { readonly host: string; readonly port: string } {
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port || (DEFAULT_PORTS[url.protocol] ?? "") };
}

function variable(environment: Environment, name: string): string {
  return (environment[name] || environment[name.toLowerCase()] || "").trim();
}

function isExempt(url: URL, list: string): boolean {
  const { host, port } = hostAndPort(url);
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== "" && matches(entry, host.toLowerCase().replace(/\.$/, ""), port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isWithin(host, entry);
  const { name, onlyPort } = splitPort(entry);
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (name.startsWith(".") || name.startsWith("*.")) return host.endsWith(name.replace(/^\*/, ""));
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

function splitPort(entry: string): { readonly name: string; readonly onlyPort?: string } {
  if (isIP(entry) === 6) return { name: entry };
  const [, name = entry, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const bare = name.replace(/^\[|\]$/g, "");
  return onlyPort === undefined ? { name: bare } : { name: bare, onlyPort };
}

function isWithin(host: string, cidr: string): boolean {
  const [network = "", bits = ""] = cidr.split("/");
  const version = isIP(network);
  const length = Number(bits);
  if (version === 0 || isIP(host) !== version || !/^\d+$/.test(bits) || length > (version === 4 ? 32 : 128))
    return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const subnets = new BlockList();
  subnets.addSubnet(network, length, family);
  return subnets.check(host, family);
}
