/** A stand-in for a Vault with the auth methods `aws` and `gcp`, which the Vault of the ground is built without. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type AwsCheck, awsRefusal } from "./vault-aws-check.ts";
import { type GcpCheck, gcpRefusal } from "./vault-gcp-check.ts";

export interface CloudLoginsOptions {
  /** Checks of logins by mount: `auth/<mount>/login`. */
  readonly aws?: Readonly<Record<string, AwsCheck>>;
  readonly gcp?: Readonly<Record<string, GcpCheck>>;
}

/** It lets in whom Vault would, gives whoever it let in one secret, and denies everything else. */
export interface CloudLogins {
  readonly address: string;
  /** `mount role` of every login that was let in. */
  readonly logins: readonly string[];
  /** Tokens that are neither revoked nor at their end. */
  readonly tokens: ReadonlySet<string>;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** The data of `secret/data/app`. */
export const CLOUD_SECRET = { v: "let in" } as const;

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** Ready when the promise resolves. */
export async function startCloudLogins(options: CloudLoginsOptions): Promise<CloudLogins> {
  const logins: string[] = [];
  const tokens = new Set<string>();
  const logIn = async (mount: string, text: string): Promise<Answer> => {
    const body = JSON.parse(text) as Readonly<Record<string, string>>;
    const refusal = await refusalOf(options, mount, body);
    if (refusal !== undefined) return { status: 400, body: { errors: [refusal] } };
    const token = `hvs.${randomUUID()}`;
    tokens.add(token);
    logins.push(`${mount} ${body.role}`);
    return { status: 200, body: { auth: { client_token: token, lease_duration: 900, renewable: true } } };
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const path = request.url ?? "";
    const mount = /^\/v1\/auth\/(.+)\/login$/.exec(path)?.[1];
    if (mount !== undefined && request.method === "POST") return logIn(mount, await textOf(request));
    const token = String(request.headers["x-vault-token"]);
    if (!tokens.has(token)) return { status: 403, body: { errors: ["permission denied"] } };
    if (path === "/v1/secret/data/app") return { status: 200, body: { data: { data: CLOUD_SECRET, metadata: {} } } };
    if (path === "/v1/auth/token/revoke-self") return { status: tokens.delete(token) ? 204 : 403 };
    if (path === "/v1/auth/token/lookup-self") return { status: 200, body: { data: { renewable: true } } };
    return { status: 403, body: { errors: ["permission denied"] } };
  };
  const server = createServer((request, response) => {
    const answered = answer(request).catch((): Answer => ({ status: 500, body: { errors: ["internal error"] } }));
    answered.then(({ status, body }) => response.writeHead(status).end(body && JSON.stringify(body)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logins,
    tokens,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function refusalOf(
  { aws = {}, gcp = {} }: CloudLoginsOptions,
  mount: string,
  body: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (aws[mount] !== undefined) return awsRefusal(body, aws[mount]);
  if (gcp[mount] !== undefined) return gcpRefusal(body, gcp[mount]);
  return `no handler for route "auth/${mount}/login"`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
