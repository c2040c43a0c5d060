/** Calls a crypto function of templates with Go values, and takes its results apart. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cryptoFunctions } from "../../../engine/template/crypto/index.ts";
import { type CallContext, GoError, GoSlice, GoStruct, type GoValue } from "../../../engine/template/go-value.ts";

const functions = cryptoFunctions();

/** 2026-01-02T03:04:05.678Z */
export const NOW_MS = 1_767_323_045_678;

const context: CallContext = { now: () => NOW_MS, randomBytes: (length) => randomBytes(length), spend: () => {} };

/** The "randomness" of ESO's own tests: a text, then zeros. */
export const predictable: Partial<CallContext> = {
  randomBytes: (length) => {
    const bytes = Buffer.alloc(length);
    bytes.write('"0123456789"');
    return bytes;
  },
};

export function call(name: string, args: readonly GoValue[], surroundings: Partial<CallContext> = {}): GoValue {
  const fn = functions.get(name);
  assert.ok(fn, name);
  assert.equal(args.length, fn.parameters.length, `arguments of ${name}`);
  return fn.call(args, { ...context, ...surroundings });
}

/** The result of a function that gives a string. */
export function text(name: string, ...args: readonly GoValue[]): string {
  const result = call(name, args);
  assert.equal(typeof result, "string");
  return String(result);
}

/** The result of a function that gives a `[]string`. */
export function texts(name: string, ...args: readonly GoValue[]): readonly GoValue[] {
  const result = call(name, args);
  assert.ok(result instanceof GoSlice);
  return [...result.items];
}

/** The message of the error that a call ends with. */
export function errorOf(name: string, ...args: readonly GoValue[]): string {
  try {
    call(name, args);
  } catch (error) {
    assert.ok(error instanceof GoError, String(error));
    return error.message;
  }
  return assert.fail(`${name} gave a result`);
}

/** The two texts of sprig's certificate. */
export function certificate(
  name: string,
  ...args: readonly GoValue[]
): { struct: GoStruct; cert: string; key: string } {
  const struct = call(name, args);
  assert.ok(struct instanceof GoStruct);
  assert.equal(struct.type, "sprig.certificate");
  return { struct, cert: String(struct.fields.get("Cert")), key: String(struct.fields.get("Key")) };
}

/** The bytes of base64 as a Go string. */
export const fromBase64 = (base64: string): string => Buffer.from(base64, "base64").toString("latin1");

/** The base64 of a Go string. */
export const toBase64 = (value: string): string => Buffer.from(value, "latin1").toString("base64");

/** A Go string of a text. */
export const utf8 = (value: string): string => Buffer.from(value).toString("latin1");

/** DER in PEM. */
export const pem = (type: string, der: Uint8Array): string =>
  `-----BEGIN ${type}-----\n${Buffer.from(der).toString("base64")}\n-----END ${type}-----\n`;
