import assert from "node:assert/strict";
import { createPublicKey, publicEncrypt } from "node:crypto";
import { test } from "node:test";
import { LEFT_OUT } from "../../../engine/template/functions/define.ts";
import { call, certificate, errorOf, pem, predictable, text, texts } from "./crypto-call.ts";
import {
  ecCertificatePem,
  ecKeyPem,
  leafCertificatePem,
  midCertificatePem,
  rootCertificatePem,
  rsaCertificatePem,
  rsaKeyPem,
} from "./crypto-fixtures.ts";

const BEGIN = "-----BEGIN A-----\n";
const END = "-----END A-----\n";
const block = (content: string): string => `${BEGIN}${content}${END}`;

test("filterPEM gives the blocks of a type, whatever its case", () => {
  const all = `${ecKeyPem}${ecCertificatePem}${rsaCertificatePem}`;
  assert.equal(text("filterPEM", "certificate", all), `${ecCertificatePem}${rsaCertificatePem}`);
  assert.equal(text("filterPEM", "EC PRIVATE KEY", `junk\n${all}`), ecKeyPem);
  assert.equal(text("filterPEM", "RSA PRIVATE KEY", all), "");
});

test("filterPEM refuses a text without a block of the type and with something after the blocks", () => {
  for (const junk of ["junk", `${ecKeyPem}junk`, BEGIN, `${block("AAAA\n")}\n\n`]) {
    assert.equal(errorOf("filterPEM", "B", junk), "error filtering pem: found junk");
  }
  assert.equal(text("filterPEM", "A", ""), "");
  assert.equal(text("filterPEM", "A", `${block("AAAA\n")}junk`), block("AAAA\n"));
});

test("blocks are read as leniently and written as strictly as Go does it", () => {
  const written = new Map([
    [block(""), block("")],
    [block("AA AA\t\n"), block("AAAA\n")],
    [`${BEGIN}AA\r\nAA\r\n-----END A-----  \r\nrest`, block("AAAA\n")],
    [`${BEGIN}${block("AAAA\n")}`, block("AAAA\n")],
    [`${BEGIN}AAAA\n-----END B-----\n${block("BBBB\n")}`, block("BBBB\n")],
    [block("!!!!\n") + block("BBBB\n"), block("BBBB\n")],
    [block("z: 1\nProc-Type: 4\na : b :c\n\nAAAA\n"), block("Proc-Type: 4\na: b :c\nz: 1\n\nAAAA\n")],
    [block(`${"A".repeat(100)}\n`), block(`${"A".repeat(64)}\n${"A".repeat(36)}\n`)],
  ]);
  for (const [input, output] of written) assert.equal(text("filterPEM", "A", input), output);
});

test("certSANs lists DNS names, addresses, e-mail addresses and URIs", () => {
  assert.deepEqual(texts("certSANs", `junk\n${ecCertificatePem}`), [
    "a.example",
    "*.b.example",
    "10.0.0.1",
    "2001:db8::1",
    "1.2.3.4",
    "x@y.example",
    "spiffe://td/ns/x",
    "https://Ex.Example/p?q=1",
  ]);
  assert.deepEqual(texts("certSANs", rsaCertificatePem), []);
});

test("certSANs says why a text is no certificate", () => {
  assert.equal(errorOf("certSANs", "not a pem"), "failed to decode PEM block");
  assert.equal(errorOf("certSANs", ecKeyPem), "failed to parse certificate: x509: malformed tbs certificate");
  const cut = Buffer.from(ecCertificatePem.split("\n").slice(1, -2).join(""), "base64").subarray(0, -1);
  assert.equal(
    errorOf("certSANs", pem("CERTIFICATE", cut)),
    "failed to parse certificate: x509: malformed certificate",
  );
});

test("filterCertChain orders a chain and takes the part that is asked for", () => {
  const chain = `${midCertificatePem}${rootCertificatePem}${leafCertificatePem}`;
  assert.equal(text("filterCertChain", "leaf", chain), leafCertificatePem);
  assert.equal(text("filterCertChain", "intermediate", chain), midCertificatePem);
  assert.equal(text("filterCertChain", "root", chain), rootCertificatePem);
  assert.equal(text("filterCertChain", "intermediate", leafCertificatePem), "");
  assert.equal(text("filterCertChain", "trunk", chain), "");
  assert.equal(text("filterCertChain", "leaf", rootCertificatePem), "");
});

test("filterCertChain refuses texts with no leaf and with several", () => {
  const two = `${leafCertificatePem}${rsaCertificatePem}${midCertificatePem}`;
  assert.equal(errorOf("filterCertChain", "leaf", ""), "no leaf certificate found");
  assert.equal(errorOf("filterCertChain", "leaf", two), "found multiple leaf or disjunct certificates");
  assert.equal(errorOf("filterCertChain", "leaf", ecKeyPem), "x509: malformed tbs certificate");
});

test("as in ESO, a CA that names no signer takes a leaf without a key identifier for its own", () => {
  const ca = certificate("genCAWithKey", "ca", 10n, ecKeyPem);
  const leaf = certificate("genSignedCertWithKey", "leaf", null, null, 10n, ca.struct, rsaKeyPem);
  assert.equal(errorOf("filterCertChain", "leaf", `${leaf.cert}${ca.cert}`), "no leaf certificate found");
});

test("rsaDecrypt decrypts OAEP with the hash that is named, and with SHA-256 for any other name", () => {
  const publicKey = createPublicKey(rsaKeyPem);
  for (const [name, oaepHash] of Object.entries({ SHA1: "sha1", SHA256: "sha256", SHA512: "sha512", None: "sha256" })) {
    const encrypted = publicEncrypt({ key: publicKey, oaepHash }, Buffer.from("\xff\0secret", "latin1"));
    assert.equal(text("rsaDecrypt", "RSA-OAEP", name, encrypted.toString("latin1"), rsaKeyPem), "\xff\0secret");
  }
  assert.equal(text("rsaDecrypt", "None", "", "data", "no key"), "data");
});

test("rsaDecrypt's errors hold neither key nor data", () => {
  const cases: readonly [scheme: string, key: string, message: string][] = [
    ["RSA-OAEP", "no key", "failed to decode PEM block"],
    ["RSA-OAEP", ecCertificatePem, "could not parse private key: unable to parse private key type"],
    ["RSA-OAEP", ecKeyPem, "could not parse RSA private key"],
    ["RSA-OAEP", rsaKeyPem, "error decrypting data with RSA: crypto/rsa: decryption error"],
    ["PKCS1", rsaKeyPem, `decryption scheme ${LEFT_OUT} is not supported`],
  ];
  for (const [scheme, key, message] of cases) assert.equal(errorOf("rsaDecrypt", scheme, "SHA1", "data", key), message);
});

test("work is counted before it is done", () => {
  const spent: number[] = [];
  const spend = (steps: number): void => void spent.push(steps);
  for (const [name, args] of [
    ["bcrypt", ["x"]],
    ["genPrivateKey", ["ecdsa"]],
    ["randBytes", [100n]],
    ["pemToPkcs12", [ecCertificatePem, ecKeyPem]],
  ] as const) {
    spent.length = 0;
    call(name, args, { ...predictable, spend });
    assert.ok(spent.length > 0, name);
  }
});
