/** Sprig's passwords: bcrypt, htpasswd (with ESO's third argument) and derivePassword (the Master Password algorithm). */
import { createHmac, hash, scryptSync } from "node:crypto";
import { asString, define } from "../functions/define.ts";
import { bytesOf, type CallContext, GoError, type GoFunction, GoNumber, type GoValue } from "../go-value.ts";
import { bcryptHash } from "./bcrypt.ts";
import { workSteps } from "./work-steps.ts";

/** The functions by their names in sprig. */
export function passwordFunctions(): GoFunction[] {
  return [
    define("bcrypt", ["string"], ([password], context) => bcrypt(asString(password), context)),
    define("htpasswd", ["string", "string", "sprig.HashAlgorithm"], ([user, password, algorithm], context) =>
      htpasswd(asString(user), asString(password), asString(algorithm), context),
    ),
    define("derivePassword", ["uint32", "string", "string", "string", "string"], (args, context) => {
      const [counter, type, password, user, site] = args;
      const identity = { password: asString(password), user: asString(user), site: asString(site) };
      return derivePassword(counterOf(counter), asString(type), identity, context);
    }),
  ];
}

/** The hash; what is wrong becomes the value, as in sprig. */
function bcrypt(password: string, context: CallContext): string {
  context.spend(workSteps.bcrypt);
  try {
    return bcryptHash(bytesOf(password), context.randomBytes(16));
  } catch (error) {
    if (error instanceof GoError) return `failed to encrypt string with bcrypt: ${error.message}`;
    throw error;
  }
}

/** Any algorithm but `sha` is bcrypt, as in ESO. */
function htpasswd(user: string, password: string, algorithm: string, context: CallContext): string {
  if (user.includes(":")) return `invalid username: ${user}`;
  if (algorithm === "sha") return `${user}:{SHA}${hash("sha1", bytesOf(password), "base64")}`;
  return `${user}:${bcrypt(password, context)}`;
}

function counterOf(value: GoValue): number {
  if (value instanceof GoNumber || typeof value === "bigint") {
    return Number(BigInt.asUintN(32, BigInt(value instanceof GoNumber ? value.value : value)));
  }
  throw new GoError("wrong type for value; expected uint32");
}

const SCOPE = "com.lyndir.masterpassword";

/** Per type, templates of which the seed chooses one; each letter stands for a class of characters. */
const passwordTemplates: ReadonlyMap<string, readonly string[]> = new Map([
  ["maximum", ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]],
  [
    "long",
    [
      ...["CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno"],
      ...["CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno"],
      ...["CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno"],
      ...["CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno"],
    ],
  ],
  ["medium", ["CvcnoCvc", "CvcCvcno"]],
  ["short", ["Cvcn"]],
  ["basic", ["aaanaaan", "aannaaan", "aaannaaa"]],
  ["pin", ["nnnn"]],
]);

const VOWELS = "AEIOU";
const CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ";
const LETTERS = `${VOWELS}${VOWELS.toLowerCase()}${CONSONANTS}${CONSONANTS.toLowerCase()}`;

const characterClasses: ReadonlyMap<string, string> = new Map([
  ["V", VOWELS],
  ["C", CONSONANTS],
  ["v", VOWELS.toLowerCase()],
  ["c", CONSONANTS.toLowerCase()],
  ["A", `${VOWELS}${CONSONANTS}`],
  ["a", LETTERS],
  ["n", "0123456789"],
  ["o", "@&%?,=[]_:-+*$#!'^~;()/."],
  ["x", `${LETTERS}0123456789!@#$%^&*()`],
]);

interface Identity {
  readonly password: string;
  readonly user: string;
  readonly site: string;
}

/** The site's password; an unknown type becomes the value, as in sprig. */
function derivePassword(counter: number, type: string, identity: Identity, context: CallContext): string {
  const templates = passwordTemplates.get(type);
  if (templates === undefined) return `cannot find password template ${type}`;
  context.spend(workSteps.masterPassword);
  const salt = Buffer.concat([Buffer.from(SCOPE), lengthAndText(identity.user)]);
  const parameters = { N: 32768, r: 8, p: 2, maxmem: 64 * 1024 * 1024 };
  const key = scryptSync(bytesOf(identity.password), salt, 64, parameters);
  const seed = createHmac("sha256", key)
    .update(Buffer.concat([Buffer.from(SCOPE), lengthAndText(identity.site), wordOf(counter)]))
    .digest();
  const template = templates[(seed[0] ?? 0) % templates.length] ?? "";
  return template.replace(/./g, (letter, index: number) => {
    const characters = characterClasses.get(letter) ?? "";
    return characters.charAt((seed[index + 1] ?? 0) % characters.length);
  });
}

const lengthAndText = (text: string): Buffer => Buffer.concat([wordOf(text.length), bytesOf(text)]);

function wordOf(value: number): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(value);
  return word;
}
