import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyIndex } from "../../controller/cache/key-index.ts";
import { secretRecordOf } from "../../controller/cache/secret-record.ts";
import { RetryDelays } from "../../controller/retry-delays.ts";
import { dataHash } from "../../engine/hashes.ts";

test("delays grow from a second to the maximum, and begin anew after a success", () => {
  const delays = new RetryDelays(10_000, () => 1);
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map(() => delays.next("a")),
    [1_000, 2_000, 4_000, 8_000, 10_000, 10_000],
  );
  assert.equal(delays.next("a", 60_000), 60_000, "another maximum for this attempt");
  delays.reset("a");
  assert.equal(delays.next("a"), 1_000);
});

test("an index forgets what a key declared before", () => {
  const index = new KeyIndex();
  index.set("a", ["x", "y"]);
  index.set("b", ["x"]);
  index.set("a", ["z"]);
  assert.deepEqual([...index.keysOf("x")], ["b"]);
  assert.deepEqual([...index.keysOf("z")], ["a"]);
  index.remove("a");
  assert.equal(index.keysOf("z").size, 0);
});

test("a Secret's record holds the hash of its data and no value", () => {
  const data = { b: Buffer.from("s3cret").toString("base64"), a: "" };
  const record = secretRecordOf({ metadata: { name: "s", namespace: "n" }, data });
  assert.equal(
    record.dataHash,
    dataHash(
      new Map([
        ["a", Buffer.of()],
        ["b", Buffer.from("s3cret")],
      ]),
    ),
  );
  assert.ok(!JSON.stringify(record).includes(data.b));
});
