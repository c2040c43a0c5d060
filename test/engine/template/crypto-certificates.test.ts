import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { GoError, GoSlice } from "../../../engine/template/go-value.ts";
import { call, certificate, errorOf, NOW_MS, pem, text, toBase64, utf8 } from "./crypto-call.ts";
import { ecCertificatePem, ecKeyPem, rsaCertificatePem, rsaKeyPem } from "./crypto-fixtures.ts";

const edKeyPem = String(generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }));
const p521KeyPem = String(
  generateKeyPairSync("ec", { namedCurve: "secp521r1" }).privateKey.export({ format: "pem", type: "sec1" }),
);

test("genPrivateKey makes keys of every type, in the PEM that sprig gives them", () => {
  const types = new Map([
    ["ecdsa", "EC PRIVATE KEY"],
    ["ed25519", "PRIVATE KEY"],
    ["", "RSA PRIVATE KEY"],
  ]);
  for (const [type, label] of types) {
    const key = text("genPrivateKey", type);
    assert.ok(key.startsWith(`-----BEGIN ${label}-----\n`), key.split("\n")[0]);
    assert.equal(certificate("genCAWithKey", "ca", 1n, key).key, key);
  }
  assert.match(text("genPrivateKey", "dsa"), /^-----BEGIN DSA PRIVATE KEY-----\n/);
  assert.equal(text("genPrivateKey", "foo"), "Unknown type foo");
});

test("a CA signs itself, says what it may do, and is valid from now for the days", () => {
  for (const key of [rsaKeyPem, ecKeyPem, edKeyPem, p521KeyPem]) {
    const { cert } = certificate("genCAWithKey", "my ca", 365n, key);
    const parsed = new X509Certificate(cert);
    assert.equal(parsed.subject, "CN=my ca");
    assert.ok(parsed.ca);
    assert.ok(parsed.verify(parsed.publicKey));
    assert.deepEqual(parsed.keyUsage, ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    assert.equal(parsed.validFromDate.getTime(), Math.floor(NOW_MS / 1000) * 1000);
    assert.equal(parsed.validToDate.getTime() - parsed.validFromDate.getTime(), 365 * 24 * 3600 * 1000);
  }
});

test("a signed certificate has its names and is verified by its CA", () => {
  const ca = certificate("genCAWithKey", "ca", 10n, ecKeyPem);
  const addresses = new GoSlice(["10.0.0.1", "::ffff:1.2.3.4", "2001:db8::1"]);
  const names = new GoSlice(["a.example", "*.b.example"]);
  const { cert, key } = certificate("genSignedCertWithKey", "leaf", addresses, names, 5n, ca.struct, rsaKeyPem);
  const parsed = new X509Certificate(cert);
  const issuer = new X509Certificate(ca.cert);
  assert.ok(parsed.checkIssued(issuer));
  assert.ok(parsed.verify(issuer.publicKey));
  assert.ok(parsed.checkPrivateKey(createPrivateKey(key)));
  assert.ok(!parsed.ca);
  assert.equal(
    parsed.subjectAltName,
    "DNS:a.example, DNS:*.b.example, IP Address:10.0.0.1, IP Address:1.2.3.4, IP Address:2001:DB8:0:0:0:0:0:1",
  );
});

test("functions without a key make RSA keys of 2048 bits", () => {
  const ca = certificate("genCA", "ca", 1n);
  const leaf = certificate("genSignedCert", "leaf", null, null, 1n, ca.struct);
  const self = certificate("genSelfSignedCert", "self", null, new GoSlice(["self.example"]), 1n);
  for (const { cert, key } of [ca, leaf, self]) {
    assert.match(key, /^-----BEGIN RSA PRIVATE KEY-----\n/);
    assert.equal(createPrivateKey(key).asymmetricKeyDetails?.modulusLength, 2048);
    assert.ok(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)));
  }
  assert.ok(new X509Certificate(leaf.cert).verify(new X509Certificate(ca.cert).publicKey));
});

test("an empty common name gives an empty subject, whose other names are critical", () => {
  const { cert } = certificate("genSelfSignedCertWithKey", "", null, new GoSlice(["a.example"]), 1n, ecKeyPem);
  const parsed = new X509Certificate(cert);
  assert.ok(!parsed.subject);
  assert.ok(parsed.raw.includes(Buffer.from("0603551d110101ff", "hex")));
});

test("buildCustomCert gives back what it is given, once it has read it", () => {
  const { cert, key } = certificate("buildCustomCert", toBase64(`# note\n${rsaCertificatePem}`), toBase64(ecKeyPem));
  assert.equal(cert, `# note\n${rsaCertificatePem}`);
  assert.equal(key, ecKeyPem);
});

test("errors have sprig's words, without what they are about", () => {
  const custom = (cert: string, key: string): string => errorOf("buildCustomCert", cert, key);
  assert.equal(custom("!", ""), "unable to decode base64 certificate");
  assert.equal(custom("", "!"), "unable to decode base64 private key");
  assert.equal(custom("", ""), "unable to decode certificate");
  assert.equal(errorOf("genCAWithKey", "a", 1n, ""), "parsing private key: no PEM data in input");
  assert.equal(
    errorOf("genCAWithKey", "a", 1n, text("genPrivateKey", "dsa")),
    "error creating certificate: x509: certificate private key does not implement crypto.Signer",
  );
  assert.equal(
    errorOf("genCAWithKey", "\xff", 1n, ecKeyPem),
    "error creating certificate: asn1: string not valid UTF-8",
  );
  const selfSigned = (addresses: GoSlice | null, names: GoSlice | null): string =>
    errorOf("genSelfSignedCertWithKey", "a", addresses, names, 1n, ecKeyPem);
  assert.match(selfSigned(new GoSlice(["secret"]), null), /^error parsing ip: the item at index 0/);
  assert.match(selfSigned(new GoSlice(["fe80::1%eth0"]), null), /^error parsing ip: /);
  assert.match(selfSigned(null, new GoSlice([1n])), /^error processing alternate dns name: .* is not a string$/);
  assert.match(selfSigned(null, new GoSlice([utf8("é")])), /^error creating certificate: x509: .* IA5String$/);
});

test("a key that is not the CA's cannot sign for it", () => {
  const ca = certificate("buildCustomCert", toBase64(ecCertificatePem), toBase64(rsaKeyPem));
  assert.equal(
    errorOf("genSignedCertWithKey", "a", null, null, 1n, ca.struct, ecKeyPem),
    "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
  );
});

test("keys and certificates with any byte changed give a result or a GoError, and no other error", () => {
  const derOf = (text: string): Buffer => Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
  const attempt = (name: string, args: readonly string[]): void => {
    try {
      call(name, args);
    } catch (error) {
      assert.ok(error instanceof GoError, String(error));
    }
  };
  for (const [type, source] of [
    ["EC PRIVATE KEY", ecKeyPem],
    ["PRIVATE KEY", edKeyPem],
    ["CERTIFICATE", ecCertificatePem],
  ] as const) {
    const der = derOf(source);
    for (let at = 0; at < der.length; at++) {
      const changed = Buffer.from(der);
      changed[at] = (der[at] ?? 0) ^ (1 + (at % 255));
      const text = pem(type, changed);
      attempt("certSANs", [text]);
      attempt("buildCustomCert", [toBase64(rsaCertificatePem), toBase64(text)]);
    }
  }
});
