/** A small client of Vault's HTTP API with the root token, for tests to arrange and to look; not for the product. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

export interface VaultRequest {
  /** Default GET; LIST as Vault knows it. */
  readonly method?: string;
  /** Below `/v1/`: `secret/data/app`. */
  readonly path: string;
  readonly body?: unknown;
  /** Default: the client's own token. An empty one sends none. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface VaultResponse {
  readonly status: number;
  /** Parsed JSON; `undefined` where the answer is empty. */
  readonly body: unknown;
}

export interface VaultClient {
  /** One request; any status is an answer. */
  request(request: VaultRequest): Promise<VaultResponse>;
  /** The `data` of an answer; undefined where Vault says 404. @throws for any other refusal. */
  read(path: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** @returns the whole answer (`data`, `auth`, `wrap_info`); empty where there is none. @throws when Vault refuses. */
  write(path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>;
  /** @throws when Vault refuses. */
  delete(path: string): Promise<void>;
  /** The keys below a path; empty where there are none. @throws when Vault refuses. */
  list(path: string): Promise<readonly string[]>;
}

export interface VaultClientOptions {
  /** `http://127.0.0.1:8200` */
  readonly address: string;
  readonly token: string;
  /** Trusted in place of the system's authorities. */
  readonly caPem?: string | undefined;
}

const TIMEOUT_MS = 10_000;

export function createVaultClient(options: VaultClientOptions): VaultClient {
  const request = (each: VaultRequest) => send(options, each);
  const accepted = async (each: VaultRequest): Promise<VaultResponse> => {
    const response = await request(each);
    if (response.status < 300) return response;
    const errors = isRecord(response.body) && Array.isArray(response.body.errors) ? response.body.errors : [];
    const method = each.method ?? "GET";
    throw new Error(`Vault answers ${response.status} to ${method} ${each.path}: ${errors.join("; ")}`);
  };
  return {
    request,
    async read(path) {
      const response = await request({ path });
      if (response.status === 404) return undefined;
      return dataOf((await accepted({ path })).body);
    },
    async write(path, body = {}) {
      const response = await accepted({ method: "POST", path, body });
      return isRecord(response.body) ? response.body : {};
    },
    async delete(path) {
      await accepted({ method: "DELETE", path });
    },
    async list(path) {
      const response = await request({ method: "LIST", path });
      if (response.status === 404) return [];
      const keys = dataOf((await accepted({ method: "LIST", path })).body).keys;
      return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
    },
  };
}

function send(options: VaultClientOptions, each: VaultRequest): Promise<VaultResponse> {
  const url = new URL(`/v1/${each.path}`, options.address);
  const text = each.body === undefined ? undefined : JSON.stringify(each.body);
  const token = each.token ?? options.token;
  return new Promise((resolve, reject) => {
    const settings = {
      method: each.method ?? "GET",
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...(token === "" ? {} : { "x-vault-token": token }), ...each.headers },
    } as const;
    const outgoing =
      url.protocol === "https:"
        ? httpsRequest(url, options.caPem === undefined ? settings : { ...settings, ca: options.caPem })
        : httpRequest(url, settings);
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const answer = Buffer.concat(chunks).toString("utf8");
        resolve({ status: incoming.statusCode ?? 0, body: answer === "" ? undefined : JSON.parse(answer) });
      });
    });
    outgoing.end(text);
  });
}

function dataOf(body: unknown): Readonly<Record<string, unknown>> {
  return isRecord(body) && isRecord(body.data) ? body.data : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
