import assert from "node:assert/strict";
import { test } from "node:test";
import { parseListenAddress } from "../../controller/listen-address.ts";
import { startServer } from "../../controller/server.ts";

test("addresses are read as Go reads them", () => {
  assert.deepEqual(parseListenAddress(":8080"), { port: 8080 });
  assert.deepEqual(parseListenAddress("127.0.0.1:0"), { host: "127.0.0.1", port: 0 });
  assert.deepEqual(parseListenAddress("[::1]:1"), { host: "::1", port: 1 });
  for (const wrong of ["8080", ":", ":99999", "a:b", "::1:80"])
    assert.equal(parseListenAddress(wrong), undefined, wrong);
});

test("the server answers its routes, and nothing else", async (context) => {
  const server = await startServer("127.0.0.1:0", {
    "/ok": () => ({ status: 200, body: "ok\n" }),
    "/fails": () => {
      throw new Error("secret detail");
    },
  });
  context.after(() => server.close());
  const answer = async (path: string, method = "GET") => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return `${response.status} ${await response.text()}`;
  };
  assert.equal(await answer("/ok?x=1"), "200 ok\n");
  assert.equal(await answer("/ok", "HEAD"), "200 ");
  assert.equal(await answer("/ok", "POST"), "405 method not allowed\n");
  assert.equal(await answer("/toString"), "404 not found\n");
  assert.equal(await answer("/fails"), "500 internal error\n");
});
