import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { test } from "node:test";
import { errorOf, text } from "./crypto-call.ts";
import { ecKeyPem, rsaKeyPem } from "./crypto-fixtures.ts";

const keys: readonly KeyObject[] = [
  createPrivateKey(rsaKeyPem),
  createPrivateKey(ecKeyPem),
  ...["secp384r1", "secp521r1"].map((namedCurve) => generateKeyPairSync("ec", { namedCurve }).privateKey),
  generateKeyPairSync("ed25519").privateKey,
];

const jwkOf = (key: KeyObject): Record<string, unknown> => ({ ...key.export({ format: "jwk" }) });

test("keys of every type become PEM", () => {
  for (const key of keys) {
    const publicKey = createPublicKey(key);
    assert.equal(
      text("jwkPublicKeyPem", JSON.stringify({ ...jwkOf(publicKey), kid: "é", key_ops: ["verify"] })),
      publicKey.export({ format: "pem", type: "spki" }),
    );
    assert.equal(text("jwkPrivateKeyPem", JSON.stringify(jwkOf(key))), key.export({ format: "pem", type: "pkcs8" }));
  }
});

test("an RSA key without the numbers for the Chinese remainder theorem gets them", () => {
  const [rsa] = keys;
  assert.ok(rsa);
  const { dp, dq, qi, ...rest } = jwkOf(rsa);
  assert.ok(dp && dq && qi);
  assert.equal(text("jwkPrivateKeyPem", JSON.stringify(rest)), rsa.export({ format: "pem", type: "pkcs8" }));
});

test("numbers may be in padded and in standard base64", () => {
  const [rsa] = keys;
  assert.ok(rsa);
  const { kty, n, e } = jwkOf(createPublicKey(rsa));
  const standard = Buffer.from(String(n), "base64url").toString("base64");
  assert.equal(
    text("jwkPublicKeyPem", JSON.stringify({ kty, n: standard, e })),
    text("jwkPublicKeyPem", JSON.stringify({ kty, n, e })),
  );
});

test("errors are those of jwx and crypto/x509, without the values", () => {
  const cases: readonly [json: string, message: string][] = [
    ["", "failed to unmarshal JSON into key hint: EOF"],
    ["secret", "failed to unmarshal JSON into key hint: invalid JSON"],
    ["{}", "invalid key type from JSON ()"],
    ['{"kty":"oct","k":"AAAA"}', "x509: unsupported public key type: []uint8"],
    ['{"kty":"RSA"}', "failed to unmarshal JSON into key (*jwk.rsaPublicKey): required field e is missing"],
    [
      '{"kty":"RSA","e":"AQAB","n":"!!"}',
      "failed to unmarshal JSON into key (*jwk.rsaPublicKey): failed to decode value for key n: expected base64 encoded []byte (string)",
    ],
    [
      '{"kty":"RSA","e":"AQAB","n":5}',
      "failed to unmarshal JSON into key (*jwk.rsaPublicKey): failed to decode value for key n: error reading next value: json: cannot unmarshal number into Go value of type string",
    ],
    ['{"kty":"RSA","e":"AQAB","n":"AQAB","d":"AQAB"}', "x509: unsupported public key type: *rsa.PrivateKey"],
    ['{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}', "P256 point not on curve"],
    [
      '{"kty":"EC","crv":"secp256k1","x":"AQAB","y":"AQAB"}',
      "failed to build public key: invalid curve algorithm secp256k1",
    ],
    ['{"kty":"OKP","crv":"X25519","x":"AQAB"}', "x509: unsupported public key type: x25519.PublicKey"],
    ['{"kty":"OKP","crv":"Ed25519","x":"AQAB","d":"AQAB"}', "failed to build public key: wrong private key size"],
  ];
  for (const [json, message] of cases) assert.equal(errorOf("jwkPublicKeyPem", json), message);
  const publicOnly = '{"kty":"RSA","e":"AQAB","n":"AQAB"}';
  assert.equal(
    errorOf("jwkPrivateKeyPem", publicOnly),
    "x509: unknown key type while marshaling PKCS#8: *rsa.PublicKey",
  );
});
