/** A small LDAP server on loopback: simple binds and searches over entries in memory. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type BerElement, element, elementsOf, readElement, small } from "./ber.ts";
import { type Attributes, filterMatches } from "./ldap-filter.ts";

export interface LdapEntry {
  /** `uid=bob,ou=people,dc=example,dc=org` */
  readonly dn: string;
  /** `objectclass: top`, unless they say otherwise. */
  readonly attributes: Attributes;
  /** Lets it bind. Default: it cannot. */
  readonly password?: string;
}

export interface LdapServer {
  /** `ldap://127.0.0.1:PORT` */
  readonly url: string;
  /** The DNs that have bound, in order. */
  readonly binds: readonly string[];
  /** Idempotent. */
  stop(): Promise<void>;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const OCTETS = 0x04;
const INTEGER = 0x02;
const ENUMERATED = 0x0a;
const BIND = 0x60;
const UNBIND = 0x42;
const BIND_RESULT = 0x61;
const SEARCH = 0x63;
const SEARCH_ENTRY = 0x64;
const SEARCH_RESULT = 0x65;
const SUCCESS = 0;
const PROTOCOL_ERROR = 2;
const INVALID_CREDENTIALS = 49;
const INSUFFICIENT_RIGHTS = 50;
const SUBTREE = 2;

/** Searches are for those who have bound. Ready when the promise resolves. */
export async function startLdapServer(entries: readonly LdapEntry[]): Promise<LdapServer> {
  const binds: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket, entries, (dn) => binds.push(dn));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, binds, stop: () => stop(server, sockets) };
}

function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

function serve(socket: Socket, entries: readonly LdapEntry[], onBind: (dn: string) => void): void {
  let buffer: Buffer = Buffer.alloc(0);
  let boundAs: string | undefined;
  const answersTo = (operation: BerElement): readonly Buffer[] => {
    if (operation.tag === BIND) {
      boundAs = boundBy(operation, entries);
      if (boundAs !== undefined) onBind(boundAs);
      return [result(BIND_RESULT, boundAs === undefined ? INVALID_CREDENTIALS : SUCCESS)];
    }
    if (operation.tag !== SEARCH) return [result(SEARCH_RESULT, PROTOCOL_ERROR)];
    if (!boundAs) return [result(SEARCH_RESULT, INSUFFICIENT_RIGHTS)];
    return [...found(operation, entries), result(SEARCH_RESULT, SUCCESS)];
  };
  const handle = ({ content }: BerElement) => {
    const [id, operation] = elementsOf(content);
    if (id === undefined || operation === undefined || operation.tag === UNBIND) socket.end();
    else
      for (const answer of answersTo(operation)) socket.write(element(SEQUENCE, element(INTEGER, id.content), answer));
  };
  socket.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    try {
      for (let message = readElement(buffer); message !== undefined; message = readElement(buffer)) {
        buffer = buffer.subarray(message.end);
        handle(message);
      }
    } catch {
      // What cannot be read ends the connection, as RFC 4511 has it.
      socket.destroy();
    }
  });
}

/** The DN that has proved itself; empty for an anonymous bind. */
function boundBy(operation: BerElement, entries: readonly LdapEntry[]): string | undefined {
  const [, name, credentials] = elementsOf(operation.content);
  const dn = name?.content.toString("utf8") ?? "";
  const password = credentials?.content.toString("utf8") ?? "";
  if (dn === "" && password === "") return "";
  const entry = entries.find((each) => each.dn.toLowerCase() === dn.toLowerCase());
  return entry?.password !== undefined && entry.password === password ? entry.dn : undefined;
}

function found(operation: BerElement, entries: readonly LdapEntry[]): readonly Buffer[] {
  const [base, scope, , , , , filter] = elementsOf(operation.content);
  const below = base?.content.toString("utf8").toLowerCase() ?? "";
  return entries
    .filter(({ dn, attributes }) => {
      const name = dn.toLowerCase();
      const isInScope = name === below || (scope?.content.at(0) === SUBTREE && name.endsWith(`,${below}`));
      return isInScope && filter !== undefined && filterMatches(filter, { objectclass: ["top"], ...attributes });
    })
    .map(({ dn, attributes }) => {
      const written = Object.entries(attributes).map(([name, values]) =>
        element(SEQUENCE, element(OCTETS, name), element(SET, ...values.map((value) => element(OCTETS, value)))),
      );
      return element(SEARCH_ENTRY, element(OCTETS, dn), element(SEQUENCE, ...written));
    });
}

function result(tag: number, code: number): Buffer {
  return element(tag, small(ENUMERATED, code), element(OCTETS, ""), element(OCTETS, ""));
}
