/** What Google signs for others: tokens as a service account whose key nobody has, and who a machine is. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { apiFault, type GoogleAnswer, type GoogleRequest } from "./google-message.ts";
import type { Machine } from "./metadata.ts";
import type { Principals } from "./principals.ts";

const LONGEST_SECONDS = 12 * 3_600;
const IDENTITY_SECONDS = 3_600;

/** Keys that Google keeps to itself. */
export class Signatures {
  readonly #principals: Principals;
  readonly #accounts = new Map<string, { readonly id: string; readonly key: KeyObject }>();
  readonly #google = { id: randomUUID(), key: generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey };

  constructor(principals: Principals) {
    this.#principals = principals;
  }

  /** `POST /v1/projects/-/serviceAccounts/EMAIL:signJwt`. */
  signJwt(request: GoogleRequest, email: string): GoogleAnswer {
    const caller = this.#principals.authenticate(request);
    const account = this.#principals.account(email);
    if (account === undefined) throw apiFault("NOT_FOUND", `Not found; Gaia id not found for email ${email}`);
    this.#principals.require(caller, "iam.serviceAccounts.signJwt", email);
    const { payload } = JSON.parse(request.body) as { readonly payload: string };
    const claims = JSON.parse(payload) as { readonly exp?: unknown };
    if (typeof claims.exp !== "number" || claims.exp > Date.now() / 1_000 + LONGEST_SECONDS) {
      throw apiFault("INVALID_ARGUMENT", "The expiration time must be no more than 12 hours in the future.");
    }
    const signer = this.#accounts.get(email) ?? newSigner();
    this.#accounts.set(email, signer);
    account.keys.set(signer.id, createPublicKey(signer.key));
    return { body: { keyId: signer.id, signedJwt: signedBy(signer, claims) } };
  }

  /** What the metadata server says about the machine to an audience, or undefined where it has no account. */
  identityToken({ account, project, instance }: Machine, audience: string | null): string | undefined {
    if (account === undefined || !audience) return undefined;
    const now = Math.floor(Date.now() / 1_000);
    const compute = instance === undefined ? {} : { google: { compute_engine: { project_id: project, ...instance } } };
    return signedBy(this.#google, {
      iss: "https://accounts.google.com",
      sub: "100000000000000000002",
      aud: audience,
      email: account,
      email_verified: true,
      iat: now,
      exp: now + IDENTITY_SECONDS,
      ...compute,
    });
  }

  /** The public key that signed it, of Google itself or of the account; undefined: it is unknown. */
  keyOf(id: string, account: string): KeyObject | undefined {
    if (id === this.#google.id) return createPublicKey(this.#google.key);
    return this.#principals.account(account)?.keys.get(id);
  }
}

function newSigner() {
  return { id: randomUUID(), key: generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey };
}

function signedBy({ id, key }: { readonly id: string; readonly key: KeyObject }, claims: object): string {
  const head = { alg: "RS256", kid: id, typ: "JWT" };
  const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
