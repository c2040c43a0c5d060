/** Requests over HTTP/2 sessions: finds one with room, opens another when all are full, and leaves those that end. */
import { type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from "node:http2";
import type { Clock } from "../../api/clock.ts";
import type { TlsConnection } from "./connect-tls.ts";
import { type Credentials, codeOf } from "./credentials.ts";
import { asError } from "./http1-transport.ts";
import { bodyOf } from "./http2-body.ts";
import { createSession, type Http2Session } from "./http2-session.ts";
import { raceAbort } from "./time-limit.ts";
import { TransportError, type TransportRequest, type TransportResponse } from "./transport.ts";

/** Beyond this many sessions, requests wait in the one with the fewest streams. */
const MAX_SESSIONS = 8;
/** A request that surely reached nobody moves on to another session this often. */
const MAX_MOVES = 3;

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

export interface Http2Transport {
  /** As `Transport.send`; `undefined` where the server turns out not to speak HTTP/2. */
  send(
    request: TransportRequest,
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<TransportResponse | undefined>;
  close(): void;
}

type Connect = (credentials: Credentials) => Promise<TlsConnection>;

/** Sessions are bound to the client certificate that they were made with. */
export function createHttp2Transport(server: URL, clock: Clock, connect: Connect): Http2Transport {
  const pool = new SessionPool(server, clock, connect);
  return {
    async send(request, credentials, signal) {
      for (let moves = 0; ; ) {
        signal.throwIfAborted();
        // From the choice of the session to its stream nothing may be awaited: else many callers take the same last place.
        const session = pool.pick(credentials);
        if (session === undefined) {
          if (!(await raceAbort(pool.open(credentials), signal))) return undefined;
          continue;
        }
        try {
          return await sendOverHttp2(session, request, signal);
        } catch (error) {
          if (!(error instanceof TransportError && error.unprocessed) || ++moves > MAX_MOVES) throw error;
        }
      }
    },
    close: () => pool.close(),
  };
}

class SessionPool {
  readonly #server: URL;
  readonly #clock: Clock;
  readonly #connect: Connect;
  #sessions: Http2Session[] = [];
  #connecting: { readonly certificate: unknown; readonly done: Promise<boolean> } | undefined;
  #closed = false;

  constructor(server: URL, clock: Clock, connect: Connect) {
    this.#server = server;
    this.#clock = clock;
    this.#connect = connect;
  }

  /**
   * A session with room; `undefined` where one is to be opened.
   * @throws TransportError after `close`.
   */
  pick({ certificate }: Credentials): Http2Session | undefined {
    if (this.#closed) throw new TransportError("CLIENT_CLOSED");
    const fitting = this.#sessions.filter((each) => each.isOpen && each.certificate === certificate);
    return fitting.find((each) => each.hasRoom) ?? (fitting.length < MAX_SESSIONS ? undefined : leastLoaded(fitting));
  }

  /** Callers at the same time share one handshake. Resolves with whether the server speaks HTTP/2. */
  open(credentials: Credentials): Promise<boolean> {
    const { certificate } = credentials;
    if (this.#connecting === undefined || this.#connecting.certificate !== certificate) {
      this.#connecting = { certificate, done: this.#openSession(credentials) };
    }
    return this.#connecting.done;
  }

  close(): void {
    this.#closed = true;
    for (const session of [...this.#sessions]) session.destroy();
  }

  async #openSession(credentials: Credentials): Promise<boolean> {
    try {
      const { socket, protocol } = await this.#connect(credentials);
      if (protocol !== "h2" || this.#closed) {
        socket.destroy();
        return this.#closed;
      }
      const session = await createSession(socket, this.#server, this.#clock, credentials.certificate);
      session.onEnd(() => {
        this.#sessions = this.#sessions.filter((each) => each !== session);
      });
      for (const old of this.#sessions) if (old.certificate !== session.certificate) old.retire();
      this.#sessions.push(session);
      if (this.#closed) session.destroy();
      return true;
    } finally {
      this.#connecting = undefined;
    }
  }
}

function leastLoaded(sessions: readonly Http2Session[]): Http2Session | undefined {
  return sessions.reduce((best, each) => (each.streams < best.streams ? each : best));
}

/**
 * A reset with NO_ERROR or CANCEL inside a body looks like its end, for Node tells no difference. Readers must not rely on it:
 * JSON that is cut does not parse, and a watch that ends early is resumed.
 */
function sendOverHttp2(
  session: Http2Session,
  request: TransportRequest,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const reused = session.wasUsed;
  const stream = session.request(headersOf(request), request.body === undefined);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      stream.close(NGHTTP2_CANCEL);
      stream.destroy(asError(signal.reason));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    let failure: Error | undefined;
    let hasAnswered = false;
    stream.once("response", (headers) => {
      hasAnswered = true;
      resolve({ status: headers[":status"] ?? 0, headers: stringHeaders(headers), body: bodyOf(stream) });
    });
    stream.on("error", (error) => {
      failure = error;
    });
    stream.once("close", () => {
      signal.removeEventListener("abort", onAbort);
      // The end of each call comes here; errors cost their stack.
      if (hasAnswered) return;
      if (signal.aborted) return reject(signal.reason);
      reject(failureOf(stream, session, failure, reused));
    });
    if (request.body !== undefined) stream.end(request.body);
  });
}

function failureOf(
  stream: ClientHttp2Stream,
  session: Http2Session,
  failure: Error | undefined,
  reused: boolean,
): TransportError {
  const { rstCode } = stream;
  const wasReset = rstCode !== undefined && rstCode !== NGHTTP2_NO_ERROR && rstCode !== NGHTTP2_CANCEL;
  const ownCode = wasReset ? `RST_STREAM_${rstCode}` : failure === undefined ? "ECONNRESET" : codeOf(failure);
  const unprocessed = rstCode === NGHTTP2_REFUSED_STREAM || stream.pending;
  return new TransportError(session.endCode ?? ownCode, { unprocessed, reused }, { cause: failure });
}

function headersOf(request: TransportRequest): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ":method": request.method, ":path": request.path };
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = typeof value === "string" ? value : [...value];
  }
  if (request.body !== undefined) headers["content-length"] = String(Buffer.byteLength(request.body));
  return headers;
}

function stringHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string | undefined> {
  const result: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === "string") result[name] = value;
  return result;
}
