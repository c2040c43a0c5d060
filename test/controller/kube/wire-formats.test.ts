import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { applyBody } from "../../../controller/kube/apply-body.ts";
import { backoffMs } from "../../../controller/kube/backoff.ts";
import { jsonLines, TornLineError } from "../../../controller/kube/json-lines.ts";
import { keyOf, splitKey } from "../../../controller/kube/object-key.ts";
import { collectionPath, objectPath } from "../../../controller/kube/resource-path.ts";
import { isOlderVersion } from "../../../controller/kube/resource-version.ts";
import { parseRetryAfterMs } from "../../../controller/kube/retry-after.ts";
import { secretType, storeType } from "./test-parts.ts";

async function linesOf(bytes: Uint8Array, chunkSize: number): Promise<unknown[]> {
  async function* chunks() {
    for (let start = 0; start < bytes.length; start += chunkSize) yield bytes.subarray(start, start + chunkSize);
  }
  const lines: unknown[] = [];
  for await (const line of jsonLines(chunks())) lines.push(line);
  return lines;
}

test("lines are whole whatever the chunks, and empty ones are skipped", async () => {
  const bytes = Buffer.from('{"a":"ü🔑"}\n\n{"b":2}\n');
  for (let size = 1; size <= bytes.length; size++)
    assert.deepEqual(await linesOf(bytes, size), [{ a: "ü🔑" }, { b: 2 }]);
});

test("a line that is torn or no JSON fails without its text", async () => {
  for (const text of ['{"a":1}\n{"canary', "canary\n"]) {
    await assert.rejects(linesOf(Buffer.from(text), 5), (error: Error) => {
      assert.ok(error instanceof TornLineError);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  }
});

test("an apply's body is the same value as JSON and as YAML 1.1", () => {
  const value = {
    text: 'a " \\ \t \r\n \u0085 \u007f \u0090 \u2028 \u2029 \ufeff 🔑 ü: - # yes',
    key: { "odd: key": "1e3" },
  };
  assert.deepEqual(JSON.parse(applyBody(value)), value);
  assert.deepEqual(parse(applyBody(value), { version: "1.1" }), value);
});

test("keys are namespace and name, and are divided again", () => {
  assert.equal(keyOf({ namespace: "n", name: "x" }), "n/x");
  assert.equal(keyOf({ name: "x" }), "x");
  assert.deepEqual(splitKey("n/x"), { namespace: "n", name: "x" });
  assert.deepEqual(splitKey("x"), { name: "x" });
});

test("paths are those of the group and of the scope, and a missing part is refused", () => {
  assert.equal(collectionPath(secretType), "/api/v1/secrets");
  assert.equal(collectionPath(storeType, "n"), "/apis/external-secrets.io/v1/namespaces/n/secretstores");
  const status = objectPath(storeType, { namespace: "n", name: "x" }, "status");
  assert.equal(status, "/apis/external-secrets.io/v1/namespaces/n/secretstores/x/status");
  assert.throws(() => objectPath(secretType, { name: "x" }), /needs a namespace/);
  assert.throws(() => objectPath(secretType, { namespace: "n", name: "" }), /needs a name/);
});

test("Retry-After is seconds or a date", () => {
  assert.equal(parseRetryAfterMs("3", 0), 3_000);
  assert.equal(parseRetryAfterMs("Thu, 01 Jan 1970 00:00:05 GMT", 1_000), 4_000);
  assert.equal(parseRetryAfterMs("Thu, 01 Jan 1970 00:00:05 GMT", 9_000), 0);
  assert.equal(parseRetryAfterMs("soon", 0), undefined);
  assert.equal(parseRetryAfterMs(undefined, 0), undefined);
});

test("delays double up to the limit, and jitter takes at most half of them", () => {
  assert.deepEqual(
    [1, 2, 3, 9, 500].map((failures) => backoffMs(failures, 200, 30_000, () => 1)),
    [200, 400, 800, 30_000, 30_000],
  );
  assert.equal(
    backoffMs(1, 200, 30_000, () => 0),
    100,
  );
});

test("versions are older by number, and never where they are no numbers", () => {
  assert.equal(isOlderVersion("99", "100"), true);
  assert.equal(isOlderVersion("100", "99"), false);
  assert.equal(isOlderVersion("100", "100"), false);
  assert.equal(isOlderVersion("18446744073709551614", "18446744073709551615"), true);
  assert.equal(isOlderVersion("a", "b"), false);
});
