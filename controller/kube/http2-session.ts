/** One HTTP/2 session: counts its streams, pings while there are any, and tells when it ends. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../api/clock.ts";
import { type ClientCertificate, codeOf } from "./credentials.ts";
import { TransportError } from "./transport.ts";

/** A half-open connection is found after at most these two together. */
const PING_INTERVAL_MS = 15_000;
const PING_TIMEOUT_MS = 10_000;
/** The server's first SETTINGS frame must come within this. */
const SETTINGS_TIMEOUT_MS = 10_000;
/** Go's default, taken until the server has named its own limit. */
const DEFAULT_MAX_STREAMS = 100;
/** Lists of thousands of objects come faster with more than the protocol's 64 KiB; it bounds what one slow reader holds. */
const STREAM_WINDOW_BYTES = 512 * 1024;
const SESSION_WINDOW_BYTES = 8 * 1024 * 1024;
const MAX_SESSION_MEMORY_MB = 128;

export interface Http2Session {
  readonly certificate: ClientCertificate | undefined;
  /** Takes new requests. */
  readonly isOpen: boolean;
  /** The server's limit of concurrent streams is not reached. */
  readonly hasRoom: boolean;
  readonly streams: number;
  /** Had a stream before. */
  readonly wasUsed: boolean;
  /** Why the session ended, once it did. */
  readonly endCode: string | undefined;
  /** @throws TransportError (unprocessed) where the session has ended meanwhile. */
  request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream;
  /** Takes no new requests; ends when those that run are done. */
  retire(): void;
  destroy(): void;
  /** When the connection is gone, all streams included. */
  onEnd(callback: () => void): void;
}

/**
 * Resolves when the server's settings are known.
 * @throws TransportError where the connection ends before.
 */
export async function createSession(
  socket: TLSSocket,
  server: URL,
  clock: Clock,
  certificate: ClientCertificate | undefined,
): Promise<Http2Session> {
  const session = connect(server, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
    maxSessionMemory: MAX_SESSION_MEMORY_MB,
  });
  const state = new SessionState(session, clock, certificate);
  await state.ready();
  return state;
}

class SessionState implements Http2Session {
  readonly certificate: ClientCertificate | undefined;
  readonly #session: ClientHttp2Session;
  readonly #clock: Clock;
  readonly #onEnd: (() => void)[] = [];
  #streams = 0;
  #wasUsed = false;
  #retired = false;
  #endCode: string | undefined;
  #heardAt: number;
  #cancelPing: (() => void) | undefined;

  constructor(session: ClientHttp2Session, clock: Clock, certificate: ClientCertificate | undefined) {
    this.#session = session;
    this.#clock = clock;
    this.certificate = certificate;
    this.#heardAt = clock.now();
    session.on("error", (error) => this.#ended(codeOf(error)));
    session.on("goaway", () => this.#leave());
    session.on("close", () => {
      this.#ended("ECONNRESET");
      this.#cancelPing?.();
      this.#leave();
      for (const callback of this.#onEnd) callback();
    });
  }

  get isOpen(): boolean {
    return !this.#retired && !this.#session.closed && !this.#session.destroyed;
  }
  get hasRoom(): boolean {
    return this.#streams < Math.min(this.#session.remoteSettings.maxConcurrentStreams ?? DEFAULT_MAX_STREAMS, 1_000);
  }
  get streams(): number {
    return this.#streams;
  }
  get wasUsed(): boolean {
    return this.#wasUsed;
  }
  get endCode(): string | undefined {
    return this.#endCode;
  }

  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(SETTINGS_TIMEOUT_MS, () => this.#fail("CONNECT_TIMEOUT"));
      this.#session.once("remoteSettings", () => {
        cancel();
        this.#session.setLocalWindowSize(SESSION_WINDOW_BYTES);
        resolve();
      });
      this.#session.once("close", () => {
        cancel();
        reject(new TransportError(this.#endCode ?? "ECONNRESET"));
      });
    });
  }

  request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream {
    if (!this.isOpen) throw new TransportError(this.#endCode ?? "GOAWAY", { unprocessed: true });
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.request(headers, { endStream });
    } catch (error) {
      // Stream ids are used up, or a GOAWAY came between.
      this.#leave();
      throw new TransportError(codeOf(error), { unprocessed: true }, { cause: error });
    }
    this.#wasUsed = true;
    this.#streams += 1;
    stream.once("close", () => {
      this.#streams -= 1;
      if (this.#streams > 0) return;
      this.#cancelPing?.();
      this.#cancelPing = undefined;
    });
    this.#startPings();
    return stream;
  }

  retire(): void {
    this.#leave();
    if (!this.#session.closed) this.#session.close();
  }

  destroy(): void {
    this.#fail("CLIENT_CLOSED");
  }

  onEnd(callback: () => void): void {
    if (this.#session.destroyed) callback();
    else this.#onEnd.push(callback);
  }

  #startPings(): void {
    if (this.#cancelPing !== undefined) return;
    // After a silence it is not known whether anybody is there: asked at once, without making the request wait.
    const idle = this.#clock.now() - this.#heardAt >= PING_INTERVAL_MS;
    this.#cancelPing = this.#clock.after(idle ? 0 : PING_INTERVAL_MS, () => this.#ping());
  }

  #ping(): void {
    if (this.#session.destroyed) return;
    let isAnswered = false;
    this.#cancelPing = this.#clock.after(PING_TIMEOUT_MS, () => {
      // After a pause of the process the answer may lie in the socket's buffer: it is read before the timeout counts.
      setImmediate(() => {
        if (!isAnswered) this.#fail("PING_TIMEOUT");
      });
    });
    const sent = this.#session.ping((error) => {
      if (error !== null) return;
      isAnswered = true;
      this.#heardAt = this.#clock.now();
      this.#cancelPing?.();
      this.#cancelPing = undefined;
      if (this.#streams > 0) this.#startPings();
    });
    if (!sent) this.#fail("PING_TIMEOUT");
  }

  #fail(code: string): void {
    this.#ended(code);
    this.#leave();
    if (!this.#session.destroyed) this.#session.destroy(new TransportError(code));
  }

  #ended(code: string): void {
    this.#endCode ??= code;
  }

  #leave(): void {
    this.#retired = true;
  }
}
