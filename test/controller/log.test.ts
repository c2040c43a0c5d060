import assert from "node:assert/strict";
import { test } from "node:test";
import { describeError, errorFields } from "../../controller/describe-error.ts";
import { createLogger } from "../../controller/log.ts";
import { SecretMap } from "../../providers/secret-map.ts";

const NOW = Date.UTC(2025, 0, 1);

test("a log line is zap's, and no object, map or bytes are in it", () => {
  const lines: string[] = [];
  const logger = createLogger({
    level: "info",
    timeEncoding: "epoch",
    now: () => NOW + 5,
    write: (line) => lines.push(line),
  });
  logger.debug("unseen");
  const values = new SecretMap([["k", Buffer.from("v")]]);
  logger.info("seen", {
    a: 1,
    b: "x",
    list: ["y"],
    values,
    bytes: Buffer.from("v"),
    object: { v: "v" },
    objects: [{}],
  });
  assert.deepEqual(lines, ['{"level":"info","ts":1735689600.005,"msg":"seen","a":1,"b":"x","list":["y"]}\n']);
});

test("times are written as asked", () => {
  const at = (timeEncoding: "millis" | "nano" | "iso8601" | "rfc3339" | "rfc3339nano") => {
    let ts: unknown;
    const write = (line: string) => {
      ts = JSON.parse(line).ts;
    };
    createLogger({ level: "info", timeEncoding, now: () => NOW + 5, write }).info("x");
    return ts;
  };
  assert.equal(at("millis"), NOW + 5);
  assert.equal(at("nano"), (NOW + 5) * 1e6);
  assert.equal(at("iso8601"), "2025-01-01T00:00:00.005Z");
  assert.equal(at("rfc3339nano"), "2025-01-01T00:00:00.005Z");
  assert.equal(at("rfc3339"), "2025-01-01T00:00:00Z");
});

test("of an unexpected error neither message nor value is told", () => {
  const error = new TypeError("cannot read s3cret");
  assert.doesNotMatch(describeError(error), /s3cret/);
  const fields = errorFields(error);
  assert.doesNotMatch(JSON.stringify(fields), /s3cret/);
  assert.match(String(fields.at), /log\.test\.ts/);
});
