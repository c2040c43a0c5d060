import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { bodyOf } from "../../../controller/kube/http2-body.ts";

let server: Http2Server;
before(async () => {
  server = createServer((request, response) => {
    if (request.url === "/cut") {
      response.write("half");
      response.stream.close(8);
      return;
    }
    response.end("whole");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
after(() => server.close());

/** The body of an answer, left alone until the protocol has closed its stream. */
async function lateBody(path: string) {
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const stream = session.request({ ":path": path });
  await once(stream, "response");
  const body = bodyOf(stream);
  body.on("error", () => undefined);
  while (!stream.closed) await turn();
  return { body, session };
}

test("an answer that has arrived as a whole before it is read is read as a whole", async () => {
  const { body, session } = await lateBody("/whole");
  const chunks: string[] = [];
  for await (const chunk of body) chunks.push(String(chunk));
  assert.equal(chunks.join(""), "whole");
  session.close();
});

test("an answer that was reset inside its body fails", async () => {
  const { body, session } = await lateBody("/cut");
  const read = async () => {
    for await (const _ of body);
  };
  await assert.rejects(read);
  session.close();
});
