/** Who may do what at the Google emulator: access tokens, service accounts with their keys, and grants. */
import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { apiFault, type GoogleRequest } from "./google-message.ts";

/** A service account that the emulator knows. */
export interface ServiceAccount {
  readonly email: string;
  /** Public keys by their ids. */
  readonly keys: Map<string, KeyObject>;
  /** Principals that may act as it. */
  readonly impersonators: ReadonlySet<string>;
}

/** The file of a service account's key, as Google gives it out. */
export interface KeyFile {
  readonly type: "service_account";
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly token_uri: string;
  readonly universe_domain: string;
}

interface IssuedToken {
  readonly principal: string;
  readonly expiresAtMs: number;
}

/** Whether a permission is granted on a resource, which is named by the project's number. */
export type Decision = (permission: string, resource: string) => boolean;

export const TOKEN_SECONDS = 3_600;

export class Principals {
  readonly #now: () => number;
  readonly #tokens = new Map<string, IssuedToken>();
  readonly #accounts = new Map<string, ServiceAccount>();
  readonly #grants = new Map<string, Decision>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new access token, in the form of the token endpoints. */
  issue(principal: string, seconds = TOKEN_SECONDS) {
    const access_token = `ya29.${randomUUID()}`;
    this.#tokens.set(access_token, { principal, expiresAtMs: this.#now() + seconds * 1_000 });
    return { access_token, token_type: "Bearer", expires_in: seconds };
  }

  /** Makes every token that was issued unknown. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  /** Who sent the request. @throws GoogleFault UNAUTHENTICATED */
  authenticate({ headers }: GoogleRequest): string {
    const token = this.#tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "");
    if (token !== undefined && token.expiresAtMs > this.#now()) return token.principal;
    throw apiFault(
      "UNAUTHENTICATED",
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
      { reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED" },
    );
  }

  /** What a principal may do, in place of what it might before: on all resources, `*` for everything; or who decides. */
  grant(principal: string, permissions: readonly string[] | Decision): void {
    if (typeof permissions === "function") this.#grants.set(principal, permissions);
    else this.#grants.set(principal, (asked) => permissions.includes(asked) || permissions.includes("*"));
  }

  /** @throws GoogleFault PERMISSION_DENIED */
  require(principal: string, permission: string, resource: string): void {
    if (this.#grants.get(principal)?.(permission, resource)) return;
    throw apiFault(
      "PERMISSION_DENIED",
      `Permission '${permission}' denied for resource '${resource}' (or it may not exist).`,
      {
        reason: "IAM_PERMISSION_DENIED",
        metadata: { permission, resource },
      },
    );
  }

  createAccount(email: string, impersonators: readonly string[] = []): void {
    this.#accounts.set(email, { email, keys: new Map(), impersonators: new Set(impersonators) });
  }

  account(email: string): ServiceAccount | undefined {
    return this.#accounts.get(email);
  }

  /** A new key of an account; with it the account is made where it is missing. */
  createKey(email: string, project: string): KeyFile {
    if (!this.#accounts.has(email)) this.createAccount(email);
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const id = randomUUID().replaceAll("-", "");
    this.account(email)?.keys.set(id, publicKey);
    return {
      type: "service_account",
      project_id: project,
      private_key_id: id,
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      client_email: email,
      client_id: "100000000000000000001",
      token_uri: "https://oauth2.googleapis.com/token",
      universe_domain: "googleapis.com",
    };
  }

  /** Makes all keys of an account unknown. */
  deleteKeys(email: string): void {
    this.account(email)?.keys.clear();
  }
}
