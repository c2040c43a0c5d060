/** The events of one open watch, out of its answer's body. */
import type { Clock } from "../../api/clock.ts";
import type { WatchEvent } from "./contracts.ts";
import { codeOf } from "./credentials.ts";
import { jsonLines } from "./json-lines.ts";
import { type CallDescription, KubeConnectionError, type ServerStatus } from "./kube-api-error.ts";
import { isMapping } from "./kubeconfig-files.ts";
import { limitTime } from "./time-limit.ts";
import { TransportError, type TransportResponse } from "./transport.ts";

/** Time given to the server beyond the timeout that it was asked for. */
const GRACE_MS = 30_000;

/**
 * Opens a watch by `open` and yields its events; reads no faster than they are taken.
 * @throws KubeConnectionError where the connection breaks, a line is torn (`TORN_ANSWER`), or the server lets its own timeout pass
 * by more than 30 s (`WATCH_SILENT`); the signal's reason; what `open` throws.
 */
export async function* watchEvents<T>(
  call: CallDescription,
  timeoutSeconds: number,
  clock: Clock,
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<TransportResponse>,
): AsyncGenerator<WatchEvent<T>> {
  const limitMs = timeoutSeconds * 1_000 + GRACE_MS;
  const limit = limitTime(clock, limitMs, signal, () => new TransportError("WATCH_SILENT"));
  let body: TransportResponse["body"] | undefined;
  try {
    ({ body } = await open(limit.signal));
    for await (const line of jsonLines(body)) yield eventOf<T>(call, line);
    limit.signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && "code" in error && !(error instanceof KubeConnectionError)) {
      throw new KubeConnectionError(call, codeOf(error), { cause: error });
    }
    throw error;
  } finally {
    limit.end();
    body?.destroy();
  }
}

function eventOf<T>(call: CallDescription, line: unknown): WatchEvent<T> {
  if (!isMapping(line) || !isMapping(line.object)) throw new KubeConnectionError(call, "TORN_ANSWER");
  switch (line.type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
    case "BOOKMARK":
      // The server's own encoding of the type that was asked for.
      return { type: line.type, object: line.object as T };
    case "ERROR": {
      const status: ServerStatus = line.object;
      const text = call.sensitive ? "" : (status.message ?? "");
      return { type: "ERROR", status: status.code ?? 500, reason: status.reason ?? "InternalError", message: text };
    }
    default:
      throw new KubeConnectionError(call, "TORN_ANSWER");
  }
}
