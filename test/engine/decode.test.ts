import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeValue } from "../../engine/decode.ts";

const bytes = (text: string) => Buffer.from(text);
const decoded = (text: string, strategy: string | undefined) => Buffer.from(decodeValue(bytes(text), strategy));

test("no strategy and None keep the bytes", () => {
  for (const strategy of [undefined, "", "None"]) assert.deepEqual(decoded("Zm9v", strategy), bytes("Zm9v"));
});

test("Base64 gives binary values byte for byte and skips line breaks", () => {
  assert.deepEqual(decoded("AAEC/w==", "Base64"), Buffer.from([0, 1, 2, 255]));
  assert.deepEqual(decoded("SGVs\r\nbG8=\n", "Base64"), bytes("Hello"));
  assert.deepEqual(decoded("SGVsbG8h\n", "Base64"), bytes("Hello!"));
});

test("Base64URL takes the URL alphabet and refuses the standard one", () => {
  assert.deepEqual(decoded("_-8=", "Base64URL"), Buffer.from([0xff, 0xef]));
  assert.throws(() => decoded("/+8=", "Base64URL"), /illegal base64 data at input byte 0/);
});

test("a bad byte is reported at the offset that Go reports", () => {
  const cases: [text: string, offset: number][] = [
    ["foo", 0],
    ["SGVsbG8", 4],
    [" SGVsbG8=", 0],
    ["SGVsbG8=SGVsbG8=", 8],
    ["SGVsbG=", 7],
    ["A===", 1],
  ];
  for (const [text, offset] of cases) {
    assert.throws(() => decoded(text, "Base64"), { message: `illegal base64 data at input byte ${offset}` }, text);
  }
});

test("Auto tries Base64, then Base64URL, then keeps the value", () => {
  assert.deepEqual(decoded("Zm9vJV8/YmFy", "Auto"), bytes("foo%_?bar"));
  assert.deepEqual(decoded("Zm9vJV8_YmFy", "Auto"), bytes("foo%_?bar"));
  assert.deepEqual(decoded("hello world", "Auto"), bytes("hello world"));
});

test("an unknown strategy is refused by name", () => {
  assert.throws(() => decoded("00", "Hex"), /decoding strategy Hex is not supported/);
});

test("an error of decoding never holds the value", () => {
  try {
    decoded("canary-5d1f", "Base64");
    assert.fail("accepted");
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.doesNotMatch(`${error.message}${error.stack}${JSON.stringify(error)}`, /canary/);
  }
});
