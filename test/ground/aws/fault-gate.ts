/** Faults, token buckets and call counters in front of an AWS upstream: the emulator's own core, or a proxied server. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsFault, type AwsRequest, type AwsResponse, faultResponse, readAwsRequest } from "./aws-message.ts";

/** What `failNext` injects. */
export interface InjectedFault {
  /** AWS's error code. Unset: the answer is only delayed. */
  readonly code?: string;
  /** HTTP status; default 400, as AWS answers throttling. */
  readonly status?: number;
  readonly message?: string;
  /** How many requests it hits; default 1. */
  readonly count?: number;
  /** Delay before the answer; `Infinity` never answers (the connection is held until `stop`). */
  readonly delayMs?: number;
  /** Seconds for a `Retry-After` header. */
  readonly retryAfter?: number;
  /** Cuts the connection in place of an answer. */
  readonly disconnect?: boolean;
}

/** The controls that every gated server has. */
export interface FaultControls {
  /** The next requests of `action` (`*`: of any) fail or wait; several calls queue up. */
  failNext(action: string, fault: InjectedFault): void;
  /** At most `perSecond` requests of `action` (bursts up to the same number), else ThrottlingException; 0 lifts it. */
  rateLimit(action: string, perSecond: number): void;
  /** How many requests of `action` arrived, failed ones included; without an action: of all. */
  calls(action?: string): number;
  /** Sets all counters to zero. */
  resetCalls(): void;
  /** Refuses connections until `up`, and cuts the open ones. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
  /** Ends the server and every connection. Idempotent. */
  stop(): Promise<void>;
}

/** A listening gate. */
export interface FaultGate extends FaultControls {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly endpoint: string;
}

/** How to start a gate. */
export interface FaultGateOptions {
  /** Answers what no fault caught; may throw an `AwsFault`. */
  readonly upstream: (request: AwsRequest) => Promise<AwsResponse>;
  /** Default `127.0.0.1`. */
  readonly address?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Milliseconds since the epoch, for the token buckets. Default the machine's clock. */
  readonly now?: () => number;
}

interface Bucket {
  readonly perSecond: number;
  tokens: number;
  filledAt: number;
}

/** Starts a gate; it is ready when the promise resolves. */
export async function startFaultGate(options: FaultGateOptions): Promise<FaultGate> {
  const address = options.address ?? "127.0.0.1";
  const state = new GateState(options.now ?? Date.now);
  const server = createServer((request, response) => {
    answer(request, response, state, options.upstream).catch(() => response.destroy());
  });
  await listen(server, options.port ?? 0, address);
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    state.releaseHeld();
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    endpoint: `http://${address}:${port}`,
    failNext: (action, fault) => state.failNext(action, fault),
    rateLimit: (action, perSecond) => state.rateLimit(action, perSecond),
    calls: (action) => state.calls(action),
    resetCalls: () => state.resetCalls(),
    down: close,
    up: async () => {
      if (!server.listening) await listen(server, port, address);
    },
    stop: close,
  };
}

/** Counters, queued faults and buckets of one gate. */
class GateState {
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  readonly #faults: { readonly action: string; readonly fault: InjectedFault; left: number }[] = [];
  readonly #buckets = new Map<string, Bucket>();
  readonly #held = new Set<() => void>();

  constructor(now: () => number) {
    this.#now = now;
  }

  failNext(action: string, fault: InjectedFault): void {
    this.#faults.push({ action, fault, left: fault.count ?? 1 });
  }

  rateLimit(action: string, perSecond: number): void {
    if (perSecond <= 0) this.#buckets.delete(action);
    else this.#buckets.set(action, { perSecond, tokens: perSecond, filledAt: this.#now() });
  }

  calls(action: string | undefined): number {
    if (action !== undefined) return this.#counts.get(action) ?? 0;
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  resetCalls(): void {
    this.#counts.clear();
  }

  count(action: string): void {
    this.#counts.set(action, (this.#counts.get(action) ?? 0) + 1);
  }

  /** The fault that is due for this action; each call uses it up once. */
  takeFault(action: string): InjectedFault | undefined {
    const index = this.#faults.findIndex((entry) => entry.action === action || entry.action === "*");
    const entry = this.#faults[index];
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#faults.splice(index, 1);
    return entry.fault;
  }

  takeToken(action: string): boolean {
    const bucket = this.#buckets.get(action);
    if (bucket === undefined) return true;
    const now = this.#now();
    const refill = ((now - bucket.filledAt) / 1000) * bucket.perSecond;
    bucket.tokens = Math.min(bucket.perSecond, bucket.tokens + refill);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Waits; ends early when the gate goes down. */
  hold(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(() => done(), ms) : undefined;
      const done = () => {
        clearTimeout(timer);
        this.#held.delete(done);
        resolve();
      };
      this.#held.add(done);
    });
  }

  releaseHeld(): void {
    for (const done of [...this.#held]) done();
  }
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  state: GateState,
  upstream: FaultGateOptions["upstream"],
): Promise<void> {
  const request = await readAwsRequest(message);
  state.count(request.action);
  const fault = state.takeFault(request.action);
  if (fault?.delayMs !== undefined) await state.hold(fault.delayMs);
  if (fault?.disconnect === true || response.destroyed) {
    message.socket.destroy();
    return;
  }
  const result = await decide(request, fault, state, upstream);
  response.writeHead(result.status, { ...result.headers, "content-length": String(result.body.length) });
  response.end(result.body);
}

async function decide(
  request: AwsRequest,
  fault: InjectedFault | undefined,
  state: GateState,
  upstream: FaultGateOptions["upstream"],
): Promise<AwsResponse> {
  if (fault?.code !== undefined) {
    const message = fault.message ?? "Rate exceeded";
    return faultResponse(request.protocol, new AwsFault(fault.code, message, fault.status ?? 400, fault.retryAfter));
  }
  if (!state.takeToken(request.action)) {
    return faultResponse(request.protocol, new AwsFault("ThrottlingException", "Rate exceeded"));
  }
  try {
    return await upstream(request);
  } catch (error) {
    if (error instanceof AwsFault) return faultResponse(request.protocol, error);
    return faultResponse(
      request.protocol,
      new AwsFault("InternalServiceError", "An error occurred on the server side.", 500),
    );
  }
}

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
