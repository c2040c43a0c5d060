import assert from "node:assert/strict";
import { createPrivateKey, hash } from "node:crypto";
import { test } from "node:test";
import { TemplateLimitExceeded } from "../../../engine/template/go-value.ts";
import { call, errorOf, fromBase64, predictable, text, utf8 } from "./crypto-call.ts";
import {
  ecCertificatePem,
  ecKeyPem,
  leafCertificatePem,
  legacy3Des,
  legacyRc2,
  legacyRc2Of128Bits,
  midCertificatePem,
  modernRsa,
  rootCertificatePem,
  rsaCertificatePem,
  rsaKeyPem,
  unencrypted,
} from "./crypto-fixtures.ts";

const pkcs8 = (pem: string): string => String(createPrivateKey(pem).export({ format: "pem", type: "pkcs8" }));

test("files with old and new algorithms give their key and certificate", () => {
  const files: readonly [file: string, password: string, key: string, certificate: string][] = [
    [legacyRc2, "pw", ecKeyPem, ecCertificatePem],
    [legacyRc2Of128Bits, "", ecKeyPem, ecCertificatePem],
    [legacy3Des, utf8("pä€"), ecKeyPem, ecCertificatePem],
    [modernRsa, "pw", rsaKeyPem, rsaCertificatePem],
    [unencrypted, "", ecKeyPem, ecCertificatePem],
  ];
  for (const [file, password, key, pem] of files) {
    assert.equal(text("pkcs12keyPass", password, file), pkcs8(key));
    assert.equal(text("pkcs12certPass", password, file), pem);
  }
  assert.equal(text("pkcs12key", legacyRc2Of128Bits), pkcs8(ecKeyPem));
  assert.equal(text("pkcs12cert", legacyRc2Of128Bits), ecCertificatePem);
});

test("a wrong password is told as such", () => {
  const wrong = "pkcs12: decryption password incorrect";
  for (const file of [legacyRc2, modernRsa]) {
    assert.equal(errorOf("pkcs12keyPass", "wrong", file), `unable to decode pkcs12 with password: ${wrong}`);
    assert.equal(errorOf("pkcs12cert", file), `unable to decode pkcs12 certificate with password: ${wrong}`);
  }
});

test("bytes that are no file are refused, wherever they are wrong", () => {
  const prefix = "unable to decode pkcs12 with password: pkcs12: error reading P12 data: ";
  assert.equal(errorOf("pkcs12key", ""), `${prefix}asn1: syntax error: sequence truncated`);
  assert.equal(errorOf("pkcs12key", "secret"), `${prefix}asn1: syntax error: data truncated`);
  assert.equal(errorOf("pkcs12key", `${modernRsa}x`), `${prefix}pkcs12: trailing data found`);
  for (let at = 0; at < legacyRc2.length; at += 7) {
    const byte = String.fromCharCode(legacyRc2.charCodeAt(at) ^ 0xff);
    assert.match(
      errorOf("pkcs12keyPass", "pw", legacyRc2.slice(0, at) + byte + legacyRc2.slice(at + 1)),
      /asn1|pkcs12/,
    );
  }
});

test("the iterations that a file asks for count against the template's limits before they are run", () => {
  // The MAC's 2048 iterations become 32767.
  const at = legacyRc2.lastIndexOf("\x02\x02\x08\0");
  const greedy = `${legacyRc2.slice(0, at)}\x02\x02\x7f\xff${legacyRc2.slice(at + 4)}`;
  const spent: number[] = [];
  const spend = (steps: number): void => {
    spent.push(steps);
    if (steps > 300_000) throw new TemplateLimitExceeded("too many steps");
  };
  assert.throws(() => call("pkcs12keyPass", ["pw", greedy], { spend }), TemplateLimitExceeded);
  assert.equal(spent.at(-1), 327_670);
});

test("files are byte for byte those of go-pkcs12, but for what is random", () => {
  const sha256 = (value: unknown): string => hash("sha256", String(value));
  const both = `${ecCertificatePem}${rsaCertificatePem}`;
  assert.equal(
    sha256(call("pemToPkcs12Pass", [ecCertificatePem, ecKeyPem, "pw"], predictable)),
    "e82a0f4e99cafa9c4504e85bd050d17f55e6aee173f8d9e3d5539ad1618d16a8",
  );
  assert.equal(
    sha256(call("fullPemToPkcs12Pass", [both, ecKeyPem, "pw"], predictable)),
    "b7ad3ba4bd9da795067393b454b2bf362d75fc9199dc4e0c963c718273c54314",
  );
  assert.equal(
    sha256(call("pemTruststoreToPKCS12Pass", [both, "pw"], predictable)),
    "e99c8683b037c4bd770cdfbc13e5ae7a92252ed4c6626c0521ec0a2708c1ad66",
  );
});

test("what is written can be read, the chain in its order", () => {
  const shuffled = `${leafCertificatePem}${rootCertificatePem}${midCertificatePem}`;
  for (const password of ["", "pw", utf8("pä€")]) {
    const file = fromBase64(text("fullPemToPkcs12Pass", shuffled, rsaKeyPem, password));
    assert.equal(text("pkcs12keyPass", password, file), pkcs8(rsaKeyPem));
    assert.equal(
      text("pkcs12certPass", password, file),
      `${leafCertificatePem}${midCertificatePem}${rootCertificatePem}`,
    );
  }
  const single = fromBase64(text("pemToPkcs12", shuffled, rsaKeyPem));
  assert.equal(text("pkcs12cert", single), leafCertificatePem);
});

test("certificates that form no chain keep the order of the file", () => {
  const pair = `${rsaCertificatePem}${leafCertificatePem}`;
  assert.equal(text("pkcs12cert", fromBase64(text("fullPemToPkcs12", pair, rsaKeyPem))), pair);
});

test("a password outside of Unicode's first plane is refused", () => {
  assert.equal(
    errorOf("pemToPkcs12Pass", ecCertificatePem, ecKeyPem, utf8("😀")),
    "pkcs12: string contains characters that cannot be encoded in UCS-2",
  );
});

test("a text that is no PEM is named, where ESO fails on a nil pointer", () => {
  const nil = "(runtime error: invalid memory address or nil pointer dereference)";
  assert.equal(errorOf("pemToPkcs12", "x", ecKeyPem), `failed to decode PEM block of the certificate ${nil}`);
  assert.equal(errorOf("pemToPkcs12", ecCertificatePem, "x"), `failed to decode PEM block of the private key ${nil}`);
  assert.equal(
    errorOf("pemTruststoreToPKCS12", `${ecCertificatePem}\n`),
    `failed to decode PEM block of the certificate ${nil}`,
  );
  assert.equal(errorOf("pemToPkcs12", ecCertificatePem, rsaCertificatePem), "unable to parse private key type");
});
