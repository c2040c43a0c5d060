/** Who the client says it is: where credentials come from, how long they are kept, and how they are dropped. */
import type { Clock } from "../../api/clock.ts";

/** A client certificate. The same object is returned for as long as its bytes are the same. */
export interface ClientCertificate {
  readonly cert: Uint8Array;
  readonly key: Uint8Array;
}

export interface Credentials {
  /** Sent with each request: `authorization`, `impersonate-user`, … */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Presented when a connection is made; a change makes new connections. */
  readonly certificate?: ClientCertificate;
}

/** Safe for concurrent calls. */
export interface CredentialSource {
  /**
   * @throws KubeConfigError where a file or a plugin gives nothing usable; the signal's reason.
   */
  get(signal: AbortSignal): Promise<Credentials>;
  /** The server answered 401 to these: unless they were replaced meanwhile, the next `get` asks the file or the plugin again. */
  invalidate(used: Credentials): void;
}

/** How long a token or certificate file is believed before it is read again; kubelet rotates tokens well before they expire. */
export const FILE_REREAD_MS = 60_000;

/** Reads a file; rejects with Node's errors (`code: "ENOENT"`). */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** A configuration that cannot be used; the message names file, field and remedy. */
export class KubeConfigError extends Error {
  override readonly name = "KubeConfigError";
}

/** Credentials that never change. */
export function fixedCredentials(credentials: Credentials): CredentialSource {
  return { get: async () => credentials, invalidate() {} };
}

/**
 * A value made from files, read anew at most once in `FILE_REREAD_MS` and after `invalidate`. Where a later reading fails,
 * the last good value stays in use: a file that is being replaced is no reason to fail.
 */
export function rereadValue<T>(clock: Clock, read: () => Promise<T>): { get(): Promise<T>; invalidate(): void } {
  let last: { readonly value: T } | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<T> | undefined;
  async function readAgain(): Promise<T> {
    try {
      const value = await read();
      last = { value };
      readAt = clock.now();
      return value;
    } catch (error) {
      if (last === undefined) throw error;
      return last.value;
    } finally {
      reading = undefined;
    }
  }
  return {
    async get() {
      if (last !== undefined && clock.now() - readAt < FILE_REREAD_MS) return last.value;
      reading ??= readAgain();
      return reading;
    },
    invalidate() {
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/**
 * The text of a file without surrounding white space.
 * @throws KubeConfigError where it cannot be read or is empty.
 */
export async function readText(readFile: ReadFile, path: string, field: string): Promise<string> {
  const text = Buffer.from(await readBytes(readFile, path, field))
    .toString("utf8")
    .trim();
  if (text === "") throw new KubeConfigError(`${path} (${field}) is empty`);
  return text;
}

/** @throws KubeConfigError where the file cannot be read. */
export async function readBytes(readFile: ReadFile, path: string, field: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new KubeConfigError(`cannot read ${path} (${field}): ${codeOf(error)}`, { cause: error });
  }
}

/** Node's error code, or the error's name. */
export function codeOf(error: unknown): string {
  if (error instanceof Error) return "code" in error && typeof error.code === "string" ? error.code : error.name;
  return "unknown error";
}

/** A bearer token from a file that is rotated in place. */
export function tokenFileCredentials(clock: Clock, readFile: ReadFile, path: string, field: string): CredentialSource {
  const token = rereadValue(clock, () => readText(readFile, path, field));
  return {
    get: async () => ({ headers: { authorization: `Bearer ${await token.get()}` } }),
    invalidate: token.invalidate,
  };
}

/** A client certificate from files that are rotated in place; `read` gives the present bytes. */
export function certificateCredentials(clock: Clock, read: () => Promise<ClientCertificate>): CredentialSource {
  let current: ClientCertificate | undefined;
  const certificate = rereadValue(clock, async () => {
    const next = await read();
    if (current === undefined || !sameBytes(current, next)) current = next;
    return current;
  });
  return {
    get: async () => ({ headers: {}, certificate: await certificate.get() }),
    invalidate: certificate.invalidate,
  };
}

function sameBytes(a: ClientCertificate, b: ClientCertificate): boolean {
  return Buffer.compare(a.cert, b.cert) === 0 && Buffer.compare(a.key, b.key) === 0;
}
