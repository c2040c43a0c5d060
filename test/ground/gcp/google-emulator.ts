/** An emulator of what the Google backend talks to: a real HTTP server on loopback that checks tokens and permissions. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type GoogleAnswer,
  GoogleFault,
  type GoogleRequest,
  readGoogleRequest,
  writeGoogleAnswer,
} from "./google-message.ts";
import { handleMetadata, type Machine } from "./metadata.ts";
import { type KeyFile, Principals } from "./principals.ts";
import { handleSecretManager } from "./secret-manager.ts";
import { type SecretBody, SecretTable, type SecretVersion } from "./secret-table.ts";
import { exchangeToken, type IdentityProvider } from "./security-token-service.ts";
import { Signatures } from "./signatures.ts";
import {
  type Cluster,
  generateAccessToken,
  identityBindingToken,
  oauthToken,
  type TokenState,
} from "./token-endpoints.ts";

/** The project of `put` and its like, unless another is given. */
export const PROJECT = "demo-project";
export const PROJECT_NUMBER = "123456789012";

export interface GoogleEmulatorOptions {
  /** Default: `PROJECT`. */
  readonly project?: string;
  /** Default: `PROJECT_NUMBER`. */
  readonly projectNumber?: string;
  /** Largest value; default Google's 65,536 bytes. */
  readonly maxValueBytes?: number;
  /** Most entries of one page; default Google's 25,000. */
  readonly maxPageSize?: number;
  /** Whether tokens are checked for when they begin and end. Default: true. */
  readonly checksTimes?: boolean;
  /** Milliseconds since the epoch. Default: the machine's clock. */
  readonly now?: () => number;
  /** Default: one of the project, without cluster and account. */
  readonly machine?: Machine;
}

/** A running emulator: Secret Manager, OAuth, STS, IAM credentials, GKE's token service and the metadata server. */
export interface GoogleEmulator {
  /** `http://127.0.0.1:PORT`, for all services. */
  readonly endpoint: string;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
  readonly principals: Principals;
  /** What it has signed, for those who check it. */
  readonly signatures: Signatures;
  /** Creates the secret, or gives it a new version. `location`: of a regional one. */
  put(id: string, value: string | Uint8Array, options?: SecretBody & { readonly location?: string }): void;
  /** Number of the latest version. */
  latestVersion(id: string, location?: string): string;
  setState(id: string, version: string, state: SecretVersion["state"]): void;
  /** What is stored besides values, or undefined. */
  secret(id: string, location?: string): SecretBody | undefined;
  remove(id: string, location?: string): void;
  /** A key of an account in the project that may do what is given; default everything. */
  accountKey(name: string, permissions?: readonly string[]): KeyFile;
  addProvider(provider: IdentityProvider): void;
  addCluster(cluster: Cluster): void;
  addRefreshToken(token: string, principal: string): void;
  setMachine(machine: Machine): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** Address of a service account in a project. */
export function accountOf(name: string, project: string = PROJECT): string {
  return `${name}@${project}.iam.gserviceaccount.com`;
}

/** The environment that leads the backend to a server that stands for all of Google. */
export function googleEnvironment(endpoint: string): Readonly<Record<string, string>> {
  return {
    CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: `${endpoint}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: `${endpoint}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STS: `${endpoint}/`,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_SECURETOKEN: `${endpoint}/`,
    CLOUDSDK_AUTH_TOKEN_HOST: `${endpoint}/token`,
    GCE_METADATA_HOST: new URL(endpoint).host,
  };
}

interface World extends TokenState {
  readonly signatures: Signatures;
  readonly table: SecretTable;
  readonly project: string;
  readonly projects: Readonly<Record<string, string>>;
  readonly providers: IdentityProvider[];
  machine: Machine;
}

/** Ready when the promise resolves. */
export async function startGoogleEmulator(options: GoogleEmulatorOptions = {}): Promise<GoogleEmulator> {
  const { checksTimes = true, project = PROJECT, projectNumber = PROJECT_NUMBER } = options;
  const { now = Date.now } = options;
  const principals = new Principals(now);
  const world: World = {
    principals,
    signatures: new Signatures(principals),
    table: new SecretTable(options.maxValueBytes ?? 65_536, options.maxPageSize ?? 25_000),
    project,
    projects: { [project]: projectNumber },
    now: checksTimes ? now : undefined,
    clusters: [],
    refreshTokens: new Map(),
    providers: [],
    machine: options.machine ?? { project },
  };
  const requests: string[] = [];
  const server = createServer((message, response) => {
    requests.push(`${message.method} ${message.url}`);
    answer(message, response, world).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    ...controlsOf(world),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(message: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  try {
    writeGoogleAnswer(response, await route(await readGoogleRequest(message), world));
  } catch (error) {
    const failure = { status: 500, body: { error: { code: 500, message: "Internal error", status: "INTERNAL" } } };
    writeGoogleAnswer(response, error instanceof GoogleFault ? error.answer : failure);
  }
}

async function route(request: GoogleRequest, world: World): Promise<GoogleAnswer> {
  const { machine, principals, signatures } = world;
  const answered = handleMetadata(request, machine, principals, signatures) ?? handleSecretManager(request, world);
  if (answered !== undefined) return answered;
  const [, account = "", action] = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):(\w+)$/.exec(request.path) ?? [];
  if (action === "generateAccessToken") return generateAccessToken(request, account, world);
  if (action === "signJwt") return signatures.signJwt(request, account);
  if (request.path === "/token") return oauthToken(request, world);
  if (request.path === "/v1/token") return exchangeToken(request, world.providers, world);
  if (request.path === "/v1/identitybindingtoken") return identityBindingToken(request, world);
  return { status: 404, body: "<html>Error 404 (Not Found)!!1</html>" };
}

function controlsOf(world: World): Omit<GoogleEmulator, "endpoint" | "requests" | "stop"> {
  const { table, principals, signatures, projects, project } = world;
  const nameOf = (id: string, location?: string) =>
    `projects/${projects[project]}${location === undefined ? "" : `/locations/${location}`}/secrets/${id}`;
  return {
    principals,
    signatures,
    put(id, value, { location, ...body } = {}) {
      const name = nameOf(id, location);
      const secret = table.find(name) ?? table.add(name, body);
      table.addVersion(secret.name, typeof value === "string" ? Buffer.from(value) : value);
    },
    latestVersion: (id, location) => String(table.get(nameOf(id, location)).versions.length),
    setState: (id, version, state) => void table.setState(nameOf(id), version, state),
    secret: (id, location) => table.find(nameOf(id, location))?.body,
    remove: (id, location) => table.remove(nameOf(id, location)),
    accountKey(name, permissions = ["*"]) {
      const email = accountOf(name, world.project);
      principals.grant(`serviceAccount:${email}`, permissions);
      return principals.createKey(email, world.project);
    },
    addProvider: (provider) => void world.providers.push(provider),
    addCluster: (cluster) => void world.clusters.push(cluster),
    addRefreshToken: (token, principal) => void world.refreshTokens.set(token, principal),
    setMachine: (machine) => {
      world.machine = machine;
    },
  };
}
