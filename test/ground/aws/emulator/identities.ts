/** Who calls: key pairs, roles, sessions, and what each may do. */
import { randomBytes } from "node:crypto";
import { AwsFault, type AwsRequest } from "../aws-message.ts";
import { parseAmzDate, readSignatureClaims, signatureMatches } from "./signature-v4.ts";

/** A long-lived key pair of a user. */
export interface UserCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Default `user`. */
  readonly userName?: string;
  /** Statements that allow: `secretsmanager:GetSecretValue team-a/*`; default everything. */
  readonly policies?: readonly string[];
}

/** A role that may be assumed. */
export interface RoleDefinition {
  /** `eso`, or with a path `team/eso`. */
  readonly name: string;
  /** Default: the emulator's account. */
  readonly account?: string;
  /** As for users; default everything. */
  readonly policies?: readonly string[];
  /** ARNs, with `*`, that may assume it by AssumeRole; default any. */
  readonly trustedPrincipals?: readonly string[];
  /** Token subjects, with `*`, that may assume it with a web identity; default any. */
  readonly trustedSubjects?: readonly string[];
  /** The external id that must be given. */
  readonly externalId?: string;
}

/** A caller whose signature was verified. */
export interface Caller {
  readonly arn: string;
  readonly account: string;
  readonly userId: string;
  readonly policies: readonly string[];
  /** The region of the credential scope. */
  readonly region: string;
  /** Tags that go on to the next role of a chain; unset for a user. */
  readonly session?: Session;
}

/** A session of an assumed role, kept for tests to look at. */
export interface Session {
  readonly roleArn: string;
  readonly sessionName: string;
  /** ARN of the caller, or `web-identity:<subject>`. */
  readonly assumedBy: string;
  readonly externalId?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly expiresAtMs: number;
}

interface KeyPair {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly caller: Omit<Caller, "region">;
}

/** AWS refuses a signature that is older or newer than this. */
const MAX_SKEW_MS = 5 * 60_000;

/** All key pairs of one emulator. */
export class Identities {
  readonly #keys = new Map<string, KeyPair>();
  readonly #roles: readonly RoleDefinition[] | undefined;
  readonly #account: string;
  readonly #now: () => number;

  constructor(options: {
    readonly users: readonly UserCredentials[];
    /** Unset: every role can be assumed and may do everything. */
    readonly roles: readonly RoleDefinition[] | undefined;
    readonly account: string;
    readonly now: () => number;
  }) {
    this.#roles = options.roles;
    this.#account = options.account;
    this.#now = options.now;
    for (const user of options.users) this.addUser(user);
  }

  /** Adds a user's key pair, or replaces it. */
  addUser(user: UserCredentials): void {
    this.#keys.set(user.accessKeyId, {
      secretAccessKey: user.secretAccessKey,
      caller: {
        arn: `arn:aws:iam::${this.#account}:user/${user.userName ?? "user"}`,
        account: this.#account,
        userId: `AIDA${user.accessKeyId.slice(4)}`,
        policies: user.policies ?? ["*"],
      },
    });
  }

  /** Makes a key pair (of a user or a session) unknown. */
  revoke(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
  }

  /**
   * The caller of a signed request.
   * @throws AwsFault with the codes and statuses of the protocol's services.
   */
  authenticate(request: AwsRequest): Caller {
    const isJson = request.protocol === "json";
    const claims = readSignatureClaims(request);
    if (claims === undefined) {
      const code = isJson ? "MissingAuthenticationTokenException" : "MissingAuthenticationToken";
      throw new AwsFault(code, "Missing Authentication Token", isJson ? 400 : 403);
    }
    const pair = this.#keys.get(claims.accessKeyId);
    const token = request.headers["x-amz-security-token"];
    if (pair === undefined || pair.sessionToken !== token) {
      const code = isJson ? "UnrecognizedClientException" : "InvalidClientTokenId";
      throw new AwsFault(code, "The security token included in the request is invalid.", isJson ? 400 : 403);
    }
    const skewMs = Math.abs(parseAmzDate(request.headers["x-amz-date"]) - Date.now());
    if (!(skewMs <= MAX_SKEW_MS) || !signatureMatches(request, claims, pair.secretAccessKey)) {
      throw new AwsFault(
        isJson ? "InvalidSignatureException" : "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        isJson ? 400 : 403,
      );
    }
    const session = pair.caller.session;
    if (session !== undefined && session.expiresAtMs <= this.#now()) {
      const code = isJson ? "ExpiredTokenException" : "ExpiredToken";
      throw new AwsFault(code, "The security token included in the request is expired", isJson ? 400 : 403);
    }
    return { ...pair.caller, region: claims.region };
  }

  /** The role behind an ARN, or `undefined` where there is none. */
  findRole(roleArn: string): RoleDefinition | undefined {
    const match = /^arn:aws[\w-]*:iam::(\d{12}):role\/(.+)$/.exec(roleArn);
    if (match === null) return undefined;
    const [, account = "", name = ""] = match;
    if (this.#roles === undefined) return { name, account };
    return this.#roles.find((role) => role.name === name && (role.account ?? this.#account) === account);
  }

  /** Temporary credentials for a session. */
  openSession(
    role: RoleDefinition,
    session: Session,
  ): { readonly [field in "id" | "secret" | "token" | "arn"]: string } {
    const account = role.account ?? this.#account;
    const id = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const secret = randomBytes(30).toString("base64");
    const token = randomBytes(120).toString("base64");
    const arn = `arn:aws:sts::${account}:assumed-role/${role.name.split("/").pop()}/${session.sessionName}`;
    const caller = {
      arn,
      account,
      userId: `AROA${id.slice(4)}:${session.sessionName}`,
      policies: role.policies ?? ["*"],
      session,
    };
    this.#keys.set(id, { secretAccessKey: secret, sessionToken: token, caller });
    return { id, secret, token, arn };
  }

  /** Every session that was opened, in order. */
  sessions(): readonly Session[] {
    return [...this.#keys.values()].flatMap(({ caller }) => (caller.session === undefined ? [] : [caller.session]));
  }
}

/**
 * Refuses what no statement of the caller allows. Each resource name is tried in all its spellings (name and ARN).
 * @throws AwsFault AccessDeniedException, worded as AWS words it.
 */
export function authorize(caller: Caller, action: string, asked: string, spellings: readonly string[]): void {
  const allowed = caller.policies.some((statement) => {
    const [actions = "", resources = "*"] = statement.split(" ");
    return matches(actions, action) && [asked, ...spellings].some((name) => matches(resources, name));
  });
  if (allowed) return;
  throw new AwsFault(
    "AccessDeniedException",
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${asked} because no identity-based policy allows the ${action} action`,
  );
}

/** Whether a text fits a pattern in which `*` stands for anything. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "s").test(text);
}
