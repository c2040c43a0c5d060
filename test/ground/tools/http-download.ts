/** Downloads that fail fast where there is no network. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as httpsGet } from "node:https";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { hashing } from "./hashing.ts";

export interface DownloadLimits {
  /** Milliseconds until the connection stands, TLS included. Default 3,000. */
  readonly connectMs?: number;
  /** Milliseconds without any data, also before the first. Default 30,000. */
  readonly idleMs?: number;
}

export interface DownloaderOptions extends DownloadLimits {
  /** For `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Downloads of one run: a host that could not be reached once is not tried again. */
export interface Downloader {
  /** A small text, at most 1 MiB. @throws DownloadFailed */
  text(url: string, signal?: AbortSignal): Promise<string>;
  /** Into a file; returns its SHA-256 in hex. @throws DownloadFailed */
  file(url: string, target: string, signal?: AbortSignal): Promise<string>;
}

/** The message names the address and the cause. */
export class DownloadFailed extends Error {
  override readonly name = "DownloadFailed";
}

const MOST_REDIRECTS = 5;
const MOST_TEXT_BYTES = 1024 * 1024;

export function createDownloader(options: DownloaderOptions = {}): Downloader {
  const unreachable = new Map<string, string>();
  return {
    async text(url, signal) {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of await openUrl(url, unreachable, options, signal)) {
        size += chunk.length;
        if (size > MOST_TEXT_BYTES) throw new DownloadFailed(`${url} is longer than ${MOST_TEXT_BYTES} bytes`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString("utf8");
    },
    async file(url, target, signal) {
      const hash = createHash("sha256");
      const source = await openUrl(url, unreachable, options, signal);
      await pipeline(hashing(source, hash), createWriteStream(target), signal === undefined ? {} : { signal });
      return hash.digest("hex");
    },
  };
}

/** Follows redirects; adds the host to the unreachable ones, with the cause, where no answer comes from it. */
async function openUrl(
  address: string,
  unreachable: Map<string, string>,
  options: DownloaderOptions,
  signal: AbortSignal | undefined,
): Promise<Readable> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const earlier = unreachable.get(url.host);
    if (earlier !== undefined) throw new DownloadFailed(`${url.host} is not reachable (${earlier})`);
    const response = await connect(url, options, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      const cause = error instanceof Error ? error.message : String(error);
      unreachable.set(url.host, cause);
      throw new DownloadFailed(`${url.host} is not reachable (${cause})`, { cause: error });
    });
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return response;
    response.destroy();
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) {
      throw new DownloadFailed(`${url.host}${url.pathname} answers ${statusCode}`);
    }
    url = new URL(headers.location, url);
  }
  throw new DownloadFailed(`${address} redirects more than ${MOST_REDIRECTS} times`);
}

/** Resolves with the head of the answer; the body may be read from it, and fails when it stands still for too long. */
function connect(
  url: URL,
  { connectMs = 3000, idleMs = 30_000, environment = {} }: DownloaderOptions,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === "https:";
  // Versions of Node without `proxyEnv` ignore it and connect directly.
  const proxied = { proxyEnv: { ...environment } };
  const settings = signal === undefined ? {} : { signal };
  return new Promise((resolve, reject) => {
    const request = isSecure
      ? httpsGet(url, { ...settings, agent: new HttpsAgent(proxied) }, resolve)
      : httpGet(url, { ...settings, agent: new HttpAgent(proxied) }, resolve);
    const timer = setTimeout(() => request.destroy(new Error(`no connection within ${connectMs / 1000} s`)), connectMs);
    const connected = () => clearTimeout(timer);
    request.on("socket", (socket: Socket) => {
      if (!socket.connecting && !isSecure) connected();
      else socket.once(isSecure ? "secureConnect" : "connect", connected);
    });
    request.on("response", connected);
    request.on("close", connected);
    request.on("error", reject);
    request.setTimeout(idleMs, () => request.destroy(new Error(`no data for ${idleMs / 1000} s`)));
  });
}
