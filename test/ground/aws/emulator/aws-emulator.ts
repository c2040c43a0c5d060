/** An emulator of AWS Secrets Manager, Parameter Store and STS: a real HTTP server on loopback that verifies signatures and policies. */
import { AwsFault, type AwsRequest, type AwsResponse } from "../aws-message.ts";
import { type FaultControls, startFaultGate } from "../fault-gate.ts";
import { Identities, type RoleDefinition, type Session, type UserCredentials } from "./identities.ts";
import { type ParameterAccess, parameterAccess } from "./parameter-access.ts";
import { handleParameterStore } from "./parameter-store.ts";
import { ParameterTable } from "./parameter-table.ts";
import { type SecretPayload, SecretTable, stageHolder } from "./secret-table.ts";
import { handleSecretsManager } from "./secrets-manager.ts";
import { handleSts } from "./sts.ts";
import type { WebIdentityTrust } from "./web-identity.ts";

export type { RoleDefinition, Session, UserCredentials } from "./identities.ts";
export type { JsonWebKeySet, WebIdentityTrust } from "./web-identity.ts";

/** The key pair that is known unless `credentials` says otherwise; AWS's own documentation example. */
export const EXAMPLE_CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
} as const satisfies UserCredentials;

/** How to start the emulator. */
export interface AwsEmulatorOptions {
  /** Default `127.0.0.1`. */
  readonly address?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Known key pairs; default `EXAMPLE_CREDENTIALS`, which may do everything. */
  readonly credentials?: readonly UserCredentials[];
  /** Roles that can be assumed; default: every role, which may then do everything. */
  readonly roles?: readonly RoleDefinition[];
  /** What web-identity tokens are checked against; default: any well-formed token that has not ended. */
  readonly webIdentity?: WebIdentityTrust;
  /** Account of users and of `put`; default `123456789012`. */
  readonly account?: string;
  /** Region of `put`; default `us-east-1`. Requests act in the region that they are signed for. */
  readonly region?: string;
  /** Largest value; default AWS's: 65,536 bytes in Secrets Manager, 4,096 (advanced: 8,192) in Parameter Store. */
  readonly maxValueBytes?: number;
  /** Milliseconds since the epoch; default the machine's clock. Session ends, deletions and buckets follow it. */
  readonly now?: () => number;
}

/** Where `put` and its like act; defaults are the emulator's. */
export interface SecretPlace {
  readonly account?: string;
  readonly region?: string;
}

/** A running emulator. */
/** What stands beside a secret's value. */
export interface SecretSurroundings {
  readonly policy: string | undefined;
  readonly replicas: Readonly<Record<string, string>>;
}

export interface AwsEmulator extends FaultControls {
  /** `http://127.0.0.1:PORT`, for all services. */
  readonly endpoint: string;
  /** Creates the secret, or gives it a new AWSCURRENT version; the result is the version's id. */
  put(name: string, value: string | Uint8Array, options?: SecretPlace & { tags?: Record<string, string> }): string;
  /** The AWSCURRENT value, or `undefined` where there is none. */
  value(name: string, place?: SecretPlace): Uint8Array | undefined;
  /** Id of the AWSCURRENT version, or `undefined` where there is none. */
  currentVersion(name: string, place?: SecretPlace): string | undefined;
  /** Tags of a secret, or `undefined` where there is no such secret. */
  tags(name: string, place?: SecretPlace): Readonly<Record<string, string>> | undefined;
  /** The resource policy, and the key of each replica by its region; `undefined` where there is no such secret. */
  surroundings(name: string): SecretSurroundings | undefined;
  /** Takes a secret away for good. */
  remove(name: string, place?: SecretPlace): void;
  /** The parameters of Parameter Store. */
  readonly parameters: ParameterAccess;
  /** Adds or replaces a user's key pair. */
  addCredentials(user: UserCredentials): void;
  /** Makes a key pair unknown. */
  revoke(accessKeyId: string): void;
  /** Replaces what web-identity tokens are checked against. */
  trust(trust: WebIdentityTrust): void;
  /** Every session that was opened by assuming a role, in order. */
  sessions(): readonly Session[];
}

/** Starts an emulator; it is ready when the promise resolves. Several can run at once. */
export async function startAwsEmulator(options: AwsEmulatorOptions = {}): Promise<AwsEmulator> {
  const now = options.now ?? Date.now;
  const account = options.account ?? "123456789012";
  const region = options.region ?? "us-east-1";
  const tablesOf = <Table>(create: (account: string, region: string) => Table) => {
    const tables = new Map<string, Table>();
    return (place: SecretPlace = {}) => {
      const where = { account: place.account ?? account, region: place.region ?? region };
      const key = `${where.account}/${where.region}`;
      const table = tables.get(key) ?? create(where.account, where.region);
      tables.set(key, table);
      return table;
    };
  };
  const secretsIn = tablesOf((inAccount, inRegion) => new SecretTable(inAccount, inRegion, now, options.maxValueBytes));
  const parametersIn = tablesOf(
    (inAccount, inRegion) => new ParameterTable(inAccount, inRegion, now, options.maxValueBytes),
  );
  const identities = new Identities({
    users: options.credentials ?? [EXAMPLE_CREDENTIALS],
    roles: options.roles,
    account,
    now,
  });
  let trust = options.webIdentity ?? {};
  const upstream = async (request: AwsRequest): Promise<AwsResponse> => {
    if (request.protocol === "query") return handleSts(request, { identities, trust: () => trust, now });
    const [service] = String(request.headers["x-amz-target"]).split(".");
    if (service !== "secretsmanager" && service !== "AmazonSSM") {
      throw new AwsFault("UnknownOperationException", "The service is not emulated.");
    }
    const caller = identities.authenticate(request);
    const place = { account: caller.account, region: caller.region };
    return service === "AmazonSSM"
      ? handleParameterStore(request, caller, parametersIn(place))
      : handleSecretsManager(request, caller, secretsIn(place));
  };
  const gate = await startFaultGate({
    upstream,
    now,
    ...(options.address === undefined ? {} : { address: options.address }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  return {
    ...gate,
    ...secretAccess(secretsIn),
    parameters: parameterAccess(parametersIn),
    addCredentials: (user) => identities.addUser(user),
    revoke: (accessKeyId) => identities.revoke(accessKeyId),
    trust: (next) => {
      trust = next;
    },
    sessions: () => identities.sessions(),
  };
}

function secretAccess(
  tableOf: (place?: SecretPlace) => SecretTable,
): Pick<AwsEmulator, "put" | "value" | "currentVersion" | "tags" | "surroundings" | "remove"> {
  const current = (name: string, place?: SecretPlace) => {
    const secret = tableOf(place).find(name);
    return secret === undefined ? undefined : stageHolder(secret, "AWSCURRENT");
  };
  return {
    put(name, value, options = {}) {
      const table = tableOf(options);
      const secret = table.find(name) ?? table.create(name);
      for (const [key, tag] of Object.entries(options.tags ?? {})) secret.tags.set(key, tag);
      return table.addVersion(secret, payloadOf(value)).id;
    },
    value(name, place) {
      const version = current(name, place);
      if (version === undefined) return undefined;
      const { SecretString: text, SecretBinary: base64 } = version.payload;
      return new Uint8Array(text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text, "utf8"));
    },
    currentVersion: (name, place) => current(name, place)?.id,
    tags(name, place) {
      const secret = tableOf(place).find(name);
      return secret === undefined ? undefined : Object.fromEntries(secret.tags);
    },
    surroundings(name) {
      const secret = tableOf().find(name);
      return secret && { policy: secret.policy, replicas: Object.fromEntries(secret.replicas) };
    },
    remove(name, place) {
      const table = tableOf(place);
      const secret = table.find(name);
      if (secret !== undefined) table.remove(secret);
    },
  };
}

function payloadOf(value: string | Uint8Array): SecretPayload {
  if (typeof value === "string") return { SecretString: value };
  return { SecretBinary: Buffer.from(value).toString("base64") };
}
