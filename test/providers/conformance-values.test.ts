/** The recorded cases of property lookup and value conversion, where `CONFORMANCE_DIR` names their folder. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { byteValueOf, jsonMembers, jsonToSecretMap, queryJson } from "../../providers/property/index.ts";

interface Case {
  readonly fn: string;
  readonly in: unknown;
  readonly path?: string;
  readonly exists?: boolean;
  readonly expect: unknown;
  readonly expectErr?: string | null;
}

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function check(recorded: Case): void {
  if (recorded.fn.startsWith("remoteRef.property")) {
    const found = queryJson(encode(String(recorded.in)), recorded.path ?? "");
    assert.equal(found !== undefined, recorded.exists);
    assert.equal(found === undefined ? "" : decode(found), recorded.expect);
  } else if (recorded.fn.startsWith("GetByteValue")) {
    const [[, value] = []] = jsonMembers(encode(JSON.stringify({ v: recorded.in })));
    assert.ok(value !== undefined);
    assert.equal(decode(byteValueOf(value, "plain")), recorded.expect);
  } else if (typeof recorded.expectErr === "string") {
    assert.throws(() => jsonToSecretMap(encode(String(recorded.in))), { message: new RegExp(recorded.expectErr) });
  } else {
    const map = jsonToSecretMap(encode(String(recorded.in)));
    assert.deepEqual(Object.fromEntries([...map].map(([key, value]) => [key, decode(value)])), recorded.expect);
  }
}

const folder = process.env.CONFORMANCE_DIR;
if (folder !== undefined && folder !== "") {
  describe("recorded values", () => {
    const file = JSON.parse(readFileSync(join(folder, "values_hashes_gjson.json"), "utf8")) as {
      readonly cases: Case[];
    };
    const ours = /^(?:remoteRef\.property|GetByteValue|JSONToSecretDataMap)/;
    for (const [index, recorded] of file.cases.filter((one) => ours.test(one.fn)).entries()) {
      it(`case ${index}: ${recorded.fn} ${recorded.path ?? ""}`, () => check(recorded));
    }
  });
}
