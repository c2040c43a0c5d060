import assert from "node:assert/strict";
import { test } from "node:test";
import { isConflict, isNotFound, KubeApiError, KubeConnectionError } from "../../../controller/kube/kube-api-error.ts";
import { eventually } from "../../eventually.ts";
import { CONFIG_MAPS, configMapType, SECRETS, type Secret, secret, secretType, startClient } from "./test-parts.ts";

for (const protocol of ["h2", "https", "http"] as const) {
  test(`objects are created, read, applied, patched and deleted over ${protocol}`, async (context) => {
    const { client, server, signal } = await startClient(context, { protocol });
    const name = { namespace: "a", name: "one" };
    const made = await client.create<Secret>(secretType, { metadata: name, data: { x: "eA==" } }, signal);
    assert.ok(made.metadata.uid);
    assert.deepEqual((await client.get<Secret>(secretType, name, signal)).data, { x: "eA==" });
    const applied: Secret = { metadata: { ...name, labels: { l: "1" } }, data: { y: "eQ==" } };
    await client.apply(secretType, applied, { fieldManager: "m" }, signal);
    const patched = await client.mergePatch<Secret>(secretType, name, { data: { x: null } }, {}, signal);
    assert.deepEqual(patched.data, { y: "eQ==" });
    assert.deepEqual(patched.metadata.labels, { l: "1" });
    await client.delete(secretType, name, { preconditions: { uid: made.metadata.uid ?? "" } }, signal);
    await assert.rejects(client.get(secretType, name, signal), isNotFound);
    assert.deepEqual(
      new Set(server.requests.map(({ httpVersion }) => httpVersion)),
      new Set([protocol === "h2" ? "2.0" : "1.1"]),
    );
  });
}

test("a wrong precondition and a foreign field make a conflict, and force takes the field over", async (context) => {
  const { client, server, signal } = await startClient(context);
  const name = { namespace: "a", name: "one" };
  server.store.put(SECRETS, secret("a", "one"));
  await client.apply<Secret>(secretType, { metadata: name, data: { k: "YQ==" } }, { fieldManager: "first" }, signal);
  const other: Secret = { metadata: name, data: { k: "Yg==" } };
  await assert.rejects(client.apply(secretType, other, { fieldManager: "second" }, signal), (error) => {
    assert.ok(isConflict(error) && error instanceof KubeApiError);
    assert.deepEqual(error.fields, [".data.k"]);
    assert.match(error.message, /patch secrets "a\/one": Conflict \(409\): \.data\.k conflict with "first"/);
    return true;
  });
  await client.apply(secretType, other, { fieldManager: "second", force: true }, signal);
  await assert.rejects(client.delete(secretType, name, { preconditions: { uid: "other" } }, signal), isConflict);
  await client.delete(secretType, name, {}, signal);
});

test("lists come in pages, and as metadata only where asked", async (context) => {
  const { client, server, signal } = await startClient(context);
  for (const name of ["a", "b", "c"]) server.store.put(SECRETS, secret("n", name, { k: "dmFsdWU=" }));
  server.store.put(SECRETS, secret("other", "d"));
  const first = await client.list<Secret>(secretType, { namespace: "n", limit: 2, metadataOnly: true }, signal);
  assert.deepEqual(
    first.items.map((each) => each.metadata.name),
    ["a", "b"],
  );
  assert.equal(first.items[0]?.data, undefined);
  assert.ok(first.continue);
  const second = await client.list<Secret>(secretType, { namespace: "n", limit: 2, continue: first.continue }, signal);
  assert.deepEqual(
    second.items.map((each) => each.data),
    [{ k: "dmFsdWU=" }],
  );
  assert.equal(second.continue, undefined);
});

test("a token is requested with audiences and expiry", async (context) => {
  const { client, server, signal, clock } = await startClient(context);
  server.store.put("/api/v1/serviceaccounts", { metadata: { namespace: "n", name: "sa" } });
  const request = { audiences: ["vault"], expirationSeconds: 600 };
  const { token, expiresAtMs } = await client.createToken({ namespace: "n", name: "sa" }, request, signal);
  assert.match(token, /^fake-token\.n\.sa/);
  assert.equal(expiresAtMs, clock.now() + 600_000);
});

test("messages of the server about Secrets are not shown, those about other reads are", async (context) => {
  const { client, server, signal } = await startClient(context);
  const status = {
    status: 422,
    reason: "Invalid",
    message: "canary-value",
    causes: [{ reason: "FieldValueInvalid", message: "canary-value", field: "data[x]" }],
  };
  server.fail({ times: 3, answer: status });
  const name = { namespace: "n", name: "s" };
  for (const attempt of [
    client.get(secretType, name, signal),
    client.mergePatch(configMapType, name, {}, {}, signal),
  ]) {
    await assert.rejects(attempt, (error: Error) => {
      assert.doesNotMatch(error.message, /canary/);
      assert.match(error.message, /Invalid \(422\): data\[x\] FieldValueInvalid/);
      return true;
    });
  }
  await assert.rejects(client.get(configMapType, name, signal), /canary-value/);
});

test("an answer that is cut, or is no JSON, is a connection error without its text", async (context) => {
  const { client, server, signal } = await startClient(context);
  server.fail({
    answer: (_request, outgoing) => void (outgoing as { end(text: string): void }).end('{"data":"canary'),
  });
  await assert.rejects(client.get(secretType, { namespace: "n", name: "s" }, signal), (error) => {
    assert.ok(error instanceof KubeConnectionError);
    assert.equal(error.code, "TORN_ANSWER");
    assert.doesNotMatch(error.message, /canary/);
    return true;
  });
});

test("a 429 with Retry-After is waited for and repeated, and given up after ten seconds in all", async (context) => {
  const { client, server, signal, clock } = await startClient(context);
  server.store.put(CONFIG_MAPS, { metadata: { namespace: "n", name: "c" } });
  const name = { namespace: "n", name: "c" };
  server.fail({ times: 2, answer: { status: 429, reason: "TooManyRequests", retryAfterSeconds: 2 } });
  const reading = client.get(configMapType, name, signal);
  for (let wait = 0; wait < 2; wait++) {
    await eventually("waiting", () => clock.nextInMs === 2_000);
    await clock.advance(2_000);
  }
  assert.equal((await reading).metadata.name, "c");
  assert.equal(server.requests.length, 3);
  server.fail({ answer: { status: 429, reason: "TooManyRequests", retryAfterSeconds: 60 } });
  await assert.rejects(client.get(configMapType, name, signal), (error) => {
    assert.ok(error instanceof KubeApiError);
    assert.equal(error.retryAfterMs, 60_000);
    return true;
  });
});

test("a create is not repeated after a 503", async (context) => {
  const { client, server, signal } = await startClient(context);
  server.fail({ answer: { status: 503, reason: "ServiceUnavailable", retryAfterSeconds: 1 } });
  await assert.rejects(
    client.create(configMapType, { metadata: { namespace: "n", name: "c" } }, signal),
    /ServiceUnavailable/,
  );
  assert.equal(server.requests.length, 1);
});

test("a request without an answer ends at the time limit", async (context) => {
  for (const protocol of ["h2", "http"] as const) {
    const { client, server, signal, clock } = await startClient(context, { protocol });
    server.fail({ answer: "hang" });
    const startedAt = clock.now();
    let failure: unknown;
    client.list(configMapType, {}, signal).catch((error: unknown) => {
      failure = error;
    });
    // In small steps: the connection itself is alive, and its pings need their round trips.
    await eventually("the end", () => failure !== undefined, { onTurn: () => clock.advance(1_000) });
    assert.ok(failure instanceof KubeConnectionError && failure.code === "ETIMEDOUT", String(failure));
    assert.ok(clock.now() - startedAt >= 30_000);
  }
});

test("an abort ends a request at once with the signal's reason", async (context) => {
  for (const protocol of ["h2", "http"] as const) {
    const { client, server } = await startClient(context, { protocol });
    server.fail({ answer: "hang" });
    const abort = new AbortController();
    const reading = client.list(configMapType, {}, abort.signal);
    reading.catch(() => {});
    await eventually("the request", () => server.requests.length === 1);
    const reason = new Error("enough");
    abort.abort(reason);
    await assert.rejects(reading, (error) => error === reason);
  }
});

test("a refused connection is an error with its code, and the next call connects again", async (context) => {
  for (const protocol of ["h2", "http"] as const) {
    const { client, server, signal } = await startClient(context, { protocol });
    await client.list(configMapType, {}, signal);
    await server.stop();
    await eventually("refused", async () => {
      const error = await client.list(configMapType, {}, signal).catch((reason: unknown) => reason);
      return error instanceof KubeConnectionError && error.code === "ECONNREFUSED";
    });
    await server.start();
    await client.list(configMapType, {}, signal);
  }
});

test("a value reaches the server byte for byte through apply, whatever its characters", async (context) => {
  const { client, server, signal } = await startClient(context);
  const text = 'quote " slash \\ tab \t line \n nel \u0085 del \u007f ls \u2028 bom \ufeff emoji 🔑 ü';
  const applied = { metadata: { namespace: "n", name: "c", annotations: { a: text } } };
  await client.apply(configMapType, applied, { fieldManager: "m" }, signal);
  assert.equal(server.store.get(CONFIG_MAPS, "n/c")?.metadata.annotations?.a, text);
});

test("a list of ten megabytes with characters of many bytes arrives whole", async (context) => {
  const { client, server, signal } = await startClient(context);
  const value = "ü🔑€".repeat(10_000);
  for (let index = 0; index < 60; index++) {
    server.store.put(CONFIG_MAPS, { metadata: { namespace: "n", name: `c${index}`, annotations: { value } } });
  }
  const { items } = await client.list(configMapType, {}, signal);
  assert.equal(items.length, 60);
  assert.ok(items.every((each) => each.metadata.annotations?.value === value));
});
