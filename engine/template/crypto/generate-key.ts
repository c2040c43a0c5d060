/** Makes private keys. The randomness is OpenSSL's. */
import { generateKeyPairSync } from "node:crypto";
import type { CallContext } from "../go-value.ts";
import { p256 } from "./curves.ts";
import { DerReader, unsignedOf } from "./der-reader.ts";
import { ecdsaKey, type Pkcs8PrivateKey, type PrivateKey } from "./private-key.ts";
import { parsePkcs1 } from "./read-private-key.ts";
import { workSteps } from "./work-steps.ts";

/** The types of keys that `genPrivateKey` knows. */
export const keyTypes = ["rsa", "dsa", "ecdsa", "ed25519"] as const;

/** RSA of 4096 bits, DSA of 2048 and 256, P-256, or Ed25519. */
export function generateKey(type: (typeof keyTypes)[number], context: CallContext): PrivateKey {
  switch (type) {
    case "rsa":
      return generateRsaKey(4096, context);
    case "dsa":
      return generateDsaKey(context);
    case "ecdsa": {
      context.spend(workSteps.signature);
      const curve = p256();
      const scalar = unsignedOf(context.randomBytes(curve.byteLength + 8));
      return ecdsaKey(curve, (scalar % (curve.order - 1n)) + 1n);
    }
    case "ed25519":
      context.spend(workSteps.signature);
      return { kind: "ed25519", seed: context.randomBytes(32) };
  }
}

export function generateRsaKey(bits: 2048 | 4096, context: CallContext): Pkcs8PrivateKey {
  context.spend(bits === 2048 ? workSteps.rsa2048 : workSteps.rsa4096);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return parsePkcs1(privateKey.export({ format: "der", type: "pkcs1" }));
}

function generateDsaKey(context: CallContext): PrivateKey {
  context.spend(workSteps.dsa2048);
  const pair = generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 });
  const key = new DerReader(pair.privateKey.export({ format: "der", type: "pkcs8" })).sequence();
  key.integer();
  const algorithm = key.sequence();
  algorithm.oid();
  const parameters = algorithm.sequence();
  const [p, q, g] = [parameters.integer(), parameters.integer(), parameters.integer()];
  const x = new DerReader(key.octets()).integer();
  const info = new DerReader(pair.publicKey.export({ format: "der", type: "spki" })).sequence();
  info.sequence();
  return { kind: "dsa", p, q, g, y: new DerReader(info.bits()).integer(), x };
}
