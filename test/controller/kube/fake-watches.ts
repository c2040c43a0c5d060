/** The open watches of the fake API server. */
import type { ServerResponse } from "node:http";
import type { Clock } from "../../../api/clock.ts";
import {
  answerStatus,
  type FakeOutgoing,
  type FakeRequest,
  type FakeStatus,
  statusObject,
} from "./fake-api-request.ts";
import { isSelected, presented } from "./fake-api-routes.ts";
import type { FakeObjectStore, StoreEvent } from "./fake-object-store.ts";

/** One open watch, for tests that write into it by hand. */
export interface FakeWatch {
  readonly request: FakeRequest;
  /** Writes bytes as they are: half lines, halves of characters. */
  write(bytes: string | Uint8Array): void;
  /** An ERROR event. */
  error(status: FakeStatus): void;
  /** A bookmark of the store's version, or of the given one. */
  bookmark(version?: number): void;
  /** Ends it in order. */
  end(): void;
  /** While silent, events are not written (nor kept for later). */
  silent: boolean;
}

export class FakeWatches {
  readonly #store: FakeObjectStore;
  readonly #clock: Clock;
  readonly #open = new Set<FakeWatch>();

  constructor(store: FakeObjectStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Those that are open, of one resource (`secrets`) or all. */
  list(plural?: string): FakeWatch[] {
    return [...this.#open].filter(({ request }) => plural === undefined || request.plural === plural);
  }

  answer(request: FakeRequest, outgoing: FakeOutgoing): void {
    const from = Number(request.query.get("resourceVersion") ?? this.#store.version);
    const missed = this.#store.since(from);
    if (missed === undefined) {
      answerStatus(outgoing, { status: 410, reason: "Expired", message: `too old resource version: ${from}` });
      return;
    }
    // The compatibility API of node:http2 has the same methods, yet not the same type; it sends the head at once.
    const response = outgoing as ServerResponse;
    response.writeHead(200, { "content-type": "application/json" });
    if (request.httpVersion !== "2.0") response.flushHeaders();
    const watch = this.#openWatch(request, outgoing, from, missed);
    const timeoutSeconds = Number(request.query.get("timeoutSeconds") ?? 1_800);
    const cancel = this.#clock.after(timeoutSeconds * 1_000, () => watch.silent || watch.end());
    outgoing.once("close", cancel);
  }

  #openWatch(request: FakeRequest, outgoing: FakeOutgoing, from: number, missed: readonly StoreEvent[]): FakeWatch {
    const write = (bytes: string | Uint8Array) => void (outgoing as { write(bytes: unknown): boolean }).write(bytes);
    const line = (type: string, object: object) => write(`${JSON.stringify({ type, object })}\n`);
    // Selected objects that were told; leaving the selection is a deletion for a watcher.
    const told = new Set<string>();
    for (const object of this.#store.all(request.collection)) {
      if (isSelected(request, object) && Number(object.metadata.resourceVersion) <= from)
        told.add(object.metadata.uid ?? "");
    }
    const tell = (event: StoreEvent) => {
      // An API server that was restored from a backup does the same: events below the watch's version are not told.
      if (watch.silent || event.collection !== request.collection || event.version <= from) return;
      const uid = event.object.metadata.uid ?? "";
      const isIn = event.type !== "DELETED" && isSelected(request, event.object);
      if (!isIn && !told.delete(uid) && !(event.type === "DELETED" && isSelected(request, event.object))) return;
      const type = isIn ? (told.has(uid) ? "MODIFIED" : "ADDED") : "DELETED";
      if (isIn) told.add(uid);
      line(type, presented(request, event.object));
    };
    const watch: FakeWatch = {
      request,
      write,
      error: (status) => line("ERROR", statusObject(status)),
      bookmark: (version = this.#store.version) =>
        line("BOOKMARK", { kind: "Bookmark", metadata: { resourceVersion: String(version) } }),
      end: () => void outgoing.end(),
      silent: false,
    };
    for (const event of missed) tell(event);
    const stop = this.#store.listen(tell);
    this.#open.add(watch);
    outgoing.once("close", () => {
      stop();
      this.#open.delete(watch);
    });
    return watch;
  }
}
