/** What of the fake API server outlives connections: objects, watches, faults, and how requests are answered. */
import type { Clock } from "../../../api/clock.ts";
import {
  answerJson,
  answerStatus,
  type FakeIncoming,
  type FakeOutgoing,
  type FakeRequest,
  type FakeStatus,
  Refusal,
  readRequest,
} from "./fake-api-request.ts";
import { FakeApiRoutes } from "./fake-api-routes.ts";
import { discoveryAnswer } from "./fake-discovery.ts";
import { FakeObjectStore } from "./fake-object-store.ts";
import { FakeWatches } from "./fake-watches.ts";

/** What happens to requests that match in place of the usual. */
export interface Fault {
  /** Default: all requests. */
  readonly match?: (request: FakeRequest) => boolean;
  /** How often; default once. `Number.POSITIVE_INFINITY` until it is taken away. */
  readonly times?: number;
  /** A `Status` answer, an answer of your own, `reset` (the connection or stream breaks) or `hang` (never an answer). */
  readonly answer: FakeStatus | ((request: FakeRequest, outgoing: FakeOutgoing) => void) | "reset" | "hang";
}

/** What outlives connections. */
export class FakeApiState {
  readonly store: FakeObjectStore;
  readonly watches: FakeWatches;
  readonly requests: FakeRequest[] = [];
  tokens: readonly string[] | undefined;
  readonly #routes: FakeApiRoutes;
  readonly #faults = new Map<Fault, number>();
  readonly #hidden = new Set<string>();

  constructor(clock: Clock, options: { readonly pageLimit?: number; readonly tokens?: readonly string[] }) {
    this.store = new FakeObjectStore(() => clock.now());
    this.watches = new FakeWatches(this.store, clock);
    this.#routes = new FakeApiRoutes(this.store, clock, options.pageLimit ?? Number.POSITIVE_INFINITY);
    this.tokens = options.tokens;
  }

  fail(fault: Fault): () => void {
    this.#faults.set(fault, fault.times ?? 1);
    return () => this.#faults.delete(fault);
  }

  hide(collection: string): () => void {
    this.#hidden.add(collection);
    return () => this.#hidden.delete(collection);
  }

  async serve(incoming: FakeIncoming, outgoing: FakeOutgoing): Promise<void> {
    outgoing.on("error", () => {});
    let request: FakeRequest;
    try {
      request = await readRequest(incoming);
    } catch {
      outgoing.destroy();
      return;
    }
    this.requests.push(request);
    try {
      this.#answer(request, outgoing);
    } catch (error) {
      if (error instanceof Refusal) answerStatus(outgoing, error.status);
      else answerStatus(outgoing, { status: 500, reason: "InternalError", message: String(error) });
    }
  }

  #answer(request: FakeRequest, outgoing: FakeOutgoing): void {
    const fault = this.#takeFault(request);
    if (fault !== undefined) {
      injure(fault, request, outgoing);
      return;
    }
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    if (this.tokens !== undefined && !this.tokens.includes(token)) {
      throw new Refusal({ status: 401, reason: "Unauthorized", message: "Unauthorized" });
    }
    if (this.#hidden.has(request.collection)) throw notServed();
    if (request.plural === "") {
      const answer = discoveryAnswer(request.path, this.#hidden);
      if (answer === undefined) throw notServed();
      answerJson(outgoing, 200, answer);
      return;
    }
    if (request.verb === "watch") this.watches.answer(request, outgoing);
    else this.#routes.answer(request, outgoing);
  }

  #takeFault(request: FakeRequest): Fault | undefined {
    for (const [fault, times] of this.#faults) {
      if (fault.match !== undefined && !fault.match(request)) continue;
      if (times > 1) this.#faults.set(fault, times - 1);
      else this.#faults.delete(fault);
      return fault;
    }
    return undefined;
  }
}

function notServed(): Refusal {
  return new Refusal({ status: 404, reason: "NotFound", message: "the server could not find the requested resource" });
}

function injure({ answer }: Fault, request: FakeRequest, outgoing: FakeOutgoing): void {
  if (answer === "hang") return;
  if (answer === "reset") outgoing.destroy();
  else if (typeof answer === "function") answer(request, outgoing);
  else answerStatus(outgoing, answer);
}
