/** The body of an HTTP/2 answer as a stream that may be read at any time. */
import { type ClientHttp2Stream, constants } from "node:http2";
import { Readable } from "node:stream";

/**
 * `ClientHttp2Stream.closed` tells of the protocol, not of the readable side, and Node's async iterator takes it for the latter:
 * an answer that has arrived as a whole before it is read looks as if it had been cut. A stream of its own does not have that.
 * Destroying it before its end resets the HTTP/2 stream.
 */
export function bodyOf(stream: ClientHttp2Stream): Readable {
  const body = new Readable({
    read: () => void stream.resume(),
    destroy(error, callback) {
      if (!stream.readableEnded) stream.close(constants.NGHTTP2_CANCEL);
      callback(error);
    },
  });
  stream.on("data", (chunk: Uint8Array) => {
    if (!body.push(chunk)) stream.pause();
  });
  stream.once("end", () => body.push(null));
  stream.once("error", (error) => body.destroy(error));
  stream.once("close", () => {
    if (!stream.readableEnded) body.destroy(closedEarly());
  });
  stream.pause();
  return body;
}

function closedEarly(): Error {
  return Object.assign(new Error("the stream was closed inside the body"), { code: "ECONNRESET" });
}
