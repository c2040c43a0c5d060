import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import test from "node:test";
import { freePorts } from "./free-port.ts";

test("ports are different, free, and outside of the range of outgoing connections", async (t) => {
  const ports = await freePorts(20);
  assert.equal(new Set(ports).size, 20);
  for (const port of ports) {
    assert.ok(port >= 15_000 && port < 32_768);
    const server = createServer().listen(port, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
  }
});

test("an address that this machine does not have is an error with its cause", async () => {
  await assert.rejects(freePorts(1, "192.0.2.1"), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /no free port on 192\.0\.2\.1/);
    assert.match(String(error.cause), /EADDRNOTAVAIL/);
    return true;
  });
});
