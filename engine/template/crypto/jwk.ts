/** Reads a JSON Web Key as the jwx library does: which fields it asks for, and which encodings it lets pass. */
import { GoError } from "../go-value.ts";

/** The parts of a key, decoded. */
export interface JwkFields {
  /** The curve; empty for keys that have none. */
  readonly crv: string;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

export interface Jwk {
  readonly kind: "RSA" | "EC" | "OKP" | "oct";
  /** Whether there is a `d`. */
  readonly isPrivate: boolean;
  readonly fields: JwkFields;
}

interface Shape {
  readonly goType: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const publicShapes: Readonly<Record<Jwk["kind"], Shape>> = {
  RSA: { goType: "*jwk.rsaPublicKey", required: ["e", "n"], optional: [] },
  EC: { goType: "*jwk.ecdsaPublicKey", required: ["crv", "x", "y"], optional: [] },
  OKP: { goType: "*jwk.okpPublicKey", required: ["crv", "x"], optional: [] },
  oct: { goType: "*jwk.symmetricKey", required: ["k"], optional: [] },
};

const privateShapes: Readonly<Record<Jwk["kind"], Shape>> = {
  RSA: { goType: "*jwk.rsaPrivateKey", required: ["d", "e", "n"], optional: ["dp", "dq", "p", "q", "qi"] },
  EC: { goType: "*jwk.ecdsaPrivateKey", required: ["crv", "d", "x", "y"], optional: [] },
  OKP: { goType: "*jwk.okpPrivateKey", required: ["crv", "d", "x"], optional: [] },
  oct: publicShapes.oct,
};

/** Fields that must be strings where they are set. */
const TEXTS = ["alg", "crv", "kid", "use", "x5t", "x5t#S256", "x5u"];

/** @throws GoError with jwx's wording, without the values. */
export function parseJwk(json: string): Jwk {
  const object = parseObject(json);
  const kind = kindOf(object.get("kty"));
  const isPrivate = object.has("d") && kind !== "oct";
  const shape = (isPrivate ? privateShapes : publicShapes)[kind];
  try {
    return { kind, isPrivate, fields: readFields(object, shape) };
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`failed to unmarshal JSON into key (${shape.goType}): ${error.message}`);
  }
}

function parseObject(json: string): ReadonlyMap<string, unknown> {
  const fault = (detail: string): GoError => new GoError(`failed to unmarshal JSON into key hint: ${detail}`);
  if (json.trim() === "") throw fault("EOF");
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    // JSON.parse's message quotes the text, which is a secret.
    if (error instanceof SyntaxError) throw fault("invalid JSON");
    throw error;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw fault(`json: cannot unmarshal ${jsonType(value)} into Go value of type struct`);
  }
  const object = new Map<string, unknown>(Object.entries(value ?? {}));
  const kty = object.get("kty") ?? "";
  if (typeof kty !== "string") {
    throw fault(`json: cannot unmarshal ${jsonType(kty)} into Go struct field .kty of type string`);
  }
  return object;
}

function kindOf(kty: unknown): Jwk["kind"] {
  if (kty === "RSA" || kty === "EC" || kty === "OKP" || kty === "oct") return kty;
  throw new GoError(`invalid key type from JSON (${kty ? "not RSA, EC, OKP or oct" : ""})`);
}

function readFields(object: ReadonlyMap<string, unknown>, { required, optional }: Shape): JwkFields {
  for (const name of TEXTS) textField(object, name);
  const operations = object.get("key_ops");
  if (operations !== undefined && operations !== null && !Array.isArray(operations)) {
    const detail = `json: cannot unmarshal ${jsonType(operations)} into Go value of type jwk.KeyOperationList`;
    throw new GoError(`failed to decode value for key key_ops: ${detail}`);
  }
  const bytes = new Map<string, Uint8Array>();
  for (const name of [...required, ...optional]) {
    if (name !== "crv" && object.has(name)) bytes.set(name, decode(textField(object, name) ?? "", name));
  }
  const missing = required.find((name) => !object.has(name));
  if (missing !== undefined) throw new GoError(`required field ${missing} is missing`);
  return { crv: textField(object, "crv") ?? "", bytes };
}

function textField(object: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = object.get(name);
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  const reading = name === "alg" || name === "crv" ? "" : "error reading next value: ";
  throw new GoError(
    `failed to decode value for key ${name}: ${reading}json: cannot unmarshal ${jsonType(value)} into Go value of type string`,
  );
}

/** Base64 in either alphabet, padded or not, but not mixed. */
function decode(text: string, name: string): Uint8Array {
  const compact = text.replace(/[\r\n]/g, "");
  const isUrl = !/[+/]/.test(compact);
  const isPadded = compact.endsWith("=");
  const characters = compact.replace(/={1,2}$/, "");
  const isValid = (isUrl ? /^[\w-]*$/ : /^[A-Za-z0-9+/]*$/).test(characters);
  const isWhole = characters.length % 4 !== 1 && (!isPadded || compact.length % 4 === 0);
  if (!isValid || !isWhole) {
    throw new GoError(`failed to decode value for key ${name}: expected base64 encoded []byte (string)`);
  }
  return Buffer.from(characters, isUrl ? "base64url" : "base64");
}

function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "array" : typeof value;
}
