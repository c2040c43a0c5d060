/** Azure on loopback: Entra ID, one Key Vault and managed identities behind one address, by HTTP and, where asked for, by TLS. */
import http, { type IncomingMessage, type Server, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import {
  type AzureAnswer,
  AzureFault,
  type AzureRequest,
  readAzureRequest,
  writeAzureAnswer,
} from "./azure-message.ts";
import { type Application, EXAMPLE_APPLICATION, EXAMPLE_TENANT, type Identity } from "./directory.ts";
import { answerEntra } from "./entra.ts";
import { createIssuer, type JsonWebKeySet } from "./json-web-token.ts";
import { createKeyVault, type VaultTables } from "./key-vault.ts";
import { answerManagedIdentity } from "./managed-identity.ts";

export interface AzureEmulatorOptions {
  /** Looked at for each request, so that it may grow. Default: `EXAMPLE_APPLICATION`. */
  readonly applications?: readonly Application[];
  readonly managedIdentities?: readonly Identity[];
  /** Default: `EXAMPLE_TENANT`. */
  readonly tenantId?: string;
  /** Key sets of the clusters whose service accounts may be federated, by issuer. */
  readonly issuers?: Readonly<Record<string, JsonWebKeySet>>;
  /** The resource that tokens are for. Default: the emulator's own address by HTTP. */
  readonly resource?: string;
  /** Serves TLS too. */
  readonly tls?: { readonly certificatePem: string; readonly privateKeyPem: string };
  /** Default: 25,600, as Azure has it. */
  readonly maxValueBytes?: number;
  /** Life of a token. Default: 3599. */
  readonly tokenSeconds?: number;
  /** Milliseconds since the epoch. Default: the machine's clock. */
  readonly now?: () => number;
}

/** In place of the answers to the next requests. */
export interface AzureFailure {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests it hits. Default: 1. */
  readonly count?: number;
  /** Only requests of which method and path match: `GET /secrets/x`. Default: all. */
  readonly matches?: RegExp;
}

export interface AzureEmulator {
  /** `http://127.0.0.1:PORT` of all parts. */
  readonly endpoint: string;
  /** `https://localhost:PORT` of all parts; empty without `tls`. */
  readonly secureEndpoint: string;
  readonly resource: string;
  readonly tenantId: string;
  /** What App Service would put into IDENTITY_HEADER. */
  readonly identityHeader: string;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
  /** What the vault holds, past all permissions. */
  readonly tables: VaultTables;
  failNext(failure: AzureFailure): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

const IDENTITY_HEADER = "example-identity-header";

/** Ready when the promise resolves. */
export async function startAzureEmulator(options: AzureEmulatorOptions = {}): Promise<AzureEmulator> {
  const requests: string[] = [];
  const failures: { readonly failure: AzureFailure; left: number }[] = [];
  let answerTo: (request: AzureRequest) => AzureAnswer = () => ({ status: 503 });
  const listener = (scheme: "http" | "https") => (message: IncomingMessage, response: ServerResponse) => {
    const line = `${message.method} ${message.url?.split("?")[0]}`;
    requests.push(line);
    serve(message, response, scheme, (request) => takeFailure(failures, line) ?? answerTo(request));
  };
  const plain = http.createServer(listener("http"));
  const endpoint = `http://127.0.0.1:${await listen(plain)}`;
  const { tls } = options;
  const secure = tls && https.createServer({ key: tls.privateKeyPem, cert: tls.certificatePem }, listener("https"));
  const secureEndpoint = secure === undefined ? "" : `https://localhost:${await listen(secure)}`;
  const { resource = endpoint, tenantId = EXAMPLE_TENANT } = options;
  const azure = createAzure(options, resource, tenantId);
  answerTo = azure.answer;
  return {
    endpoint,
    secureEndpoint,
    resource,
    tenantId,
    identityHeader: IDENTITY_HEADER,
    requests,
    tables: azure.tables,
    failNext: (failure) => void failures.push({ failure, left: failure.count ?? 1 }),
    async stop() {
      await Promise.all([close(plain), secure && close(secure)]);
    },
  };
}

function createAzure(options: AzureEmulatorOptions, resource: string, tenantId: string) {
  const { applications = [EXAMPLE_APPLICATION], managedIdentities = [], now = Date.now } = options;
  const tokens = { tenantId, resource, now, tokenSeconds: options.tokenSeconds ?? 3_599, issuer: createIssuer() };
  const vault = createKeyVault({
    ...tokens,
    identities: () => [...applications, ...managedIdentities],
    maxValueBytes: options.maxValueBytes ?? 25_600,
  });
  const entra = { ...tokens, applications, issuers: options.issuers ?? {} };
  const identities = { ...tokens, managedIdentities, identityHeader: IDENTITY_HEADER };
  return {
    tables: vault.tables,
    answer: (request: AzureRequest) =>
      answerManagedIdentity(request, identities) ?? answerEntra(request, entra) ?? vault.answer(request),
  };
}

function takeFailure(
  failures: { readonly failure: AzureFailure; left: number }[],
  line: string,
): AzureAnswer | undefined {
  const due = failures.find(({ failure, left }) => left > 0 && (failure.matches?.test(line) ?? true));
  if (due === undefined) return undefined;
  due.left--;
  return due.failure;
}

function serve(
  message: IncomingMessage,
  response: ServerResponse,
  scheme: "http" | "https",
  answerTo: (request: AzureRequest) => AzureAnswer,
): void {
  readAzureRequest(message, scheme)
    .then(answerTo)
    .catch((error: unknown): AzureAnswer => {
      if (error instanceof AzureFault) return error.answer;
      // A defect of the emulator, which the test that meets it should show.
      return { status: 500, body: { error: { code: "EmulatorDefect", message: String(error) } } };
    })
    .then((answer) => writeAzureAnswer(response, answer))
    // The client has gone.
    .catch(() => response.destroy());
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
