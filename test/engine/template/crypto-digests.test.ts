import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf, fromBase64, text, utf8 } from "./crypto-call.ts";

test("digests are of the bytes, in hexadecimal", () => {
  assert.equal(text("sha1sum", "hello"), "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");
  assert.equal(text("sha256sum", "\xff"), "a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89");
  assert.match(text("sha512sum", ""), /^cf83e1357eefb8bd/);
});

test("adler32sum is a decimal number", () => {
  assert.equal(text("adler32sum", ""), "1");
  assert.equal(text("adler32sum", "x".repeat(10_000)), "16863375");
});

test("hexdec gives the bytes, and what is wrong as its value", () => {
  assert.equal(text("hexdec", "fFFe00"), "\xff\xfe\0");
  const wrong = new Map([
    ["zz", "encoding/hex: invalid byte: U+007A 'z'"],
    ["1\x01", "encoding/hex: invalid byte: U+0001"],
    ["\xe9", `encoding/hex: invalid byte: U+00E9 '${utf8("é")}'`],
    ["\xad", "encoding/hex: invalid byte: U+00AD"],
    ["12z", "encoding/hex: invalid byte: U+007A 'z'"],
    ["123", "encoding/hex: odd length hex string"],
  ]);
  for (const [input, message] of wrong) assert.equal(text("hexdec", input), message);
});

test("encryptAES is undone by decryptAES, and is another text each time", () => {
  for (const password of ["", "key", "k".repeat(40)]) {
    for (const plain of ["a", "x".repeat(16), "\xff\0".repeat(50)]) {
      const encrypted = text("encryptAES", password, plain);
      assert.notEqual(encrypted, text("encryptAES", password, plain));
      assert.equal(text("decryptAES", password, encrypted), plain);
    }
  }
  assert.equal(text("encryptAES", "key", ""), "");
  assert.equal(text("decryptAES", "key", ""), "");
});

test("decryptAES reads what sprig has encrypted", () => {
  const encrypted = "MDEyMzQ1Njc4OWFiY2RlZkytjKYrhHCd2pW6LIu3KTs=";
  assert.equal(text("decryptAES", "secretkey", encrypted), "plaintext");
});

test("decryptAES says as Go does why a text cannot be decrypted, without its bytes", () => {
  assert.equal(errorOf("decryptAES", "k", "A!"), "illegal base64 data at input byte 1");
  assert.match(errorOf("decryptAES", "k", "AAAA"), /^runtime error: slice bounds out of range \[:16\] with capacity 3/);
  assert.match(errorOf("decryptAES", "k", "A".repeat(22).concat("==")), /^runtime error: index out of range \[-1\]/);
  assert.equal(errorOf("decryptAES", "k", "A".repeat(24)), "crypto/cipher: input not full blocks");
  assert.match(errorOf("decryptAES", "k", "A".repeat(43).concat("=")), /^runtime error: slice bounds out of range/);
});

test("randBytes gives so many bytes in base64", () => {
  assert.equal(fromBase64(text("randBytes", 9n)).length, 9);
  assert.equal(text("randBytes", 0n), "");
  assert.equal(errorOf("randBytes", -1n), "runtime error: makeslice: len out of range");
});
