/** The fault gate as a proxy in front of another AWS emulator on loopback (MiniStack, moto). */
import { Agent, request as httpRequest } from "node:http";
import { AwsFault, type AwsRequest, type AwsResponse } from "./aws-message.ts";
import { type FaultGate, startFaultGate } from "./fault-gate.ts";

/** How to start the proxy. */
export interface AwsGateOptions {
  /** `http://127.0.0.1:PORT` of the emulator behind. */
  readonly upstream: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Limit of one request to the emulator behind, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
}

/** AWS's limit of ids in one BatchGetSecretValue, which the emulators behind do not enforce. */
const MAX_BATCH_IDS = 20;

/** Starts the proxy: everything of `FaultControls`, AWS's batch limit, and status 400 for a missing secret. */
export async function startAwsGate(options: AwsGateOptions): Promise<FaultGate> {
  const upstream = new URL(options.upstream);
  const agent = new Agent({ keepAlive: true });
  const gate = await startFaultGate({
    ...(options.port === undefined ? {} : { port: options.port }),
    upstream: (request) => {
      refuseLargeBatch(request);
      return forward(request, upstream, agent, options.timeoutMs ?? 30_000);
    },
  });
  return {
    ...gate,
    stop: async () => {
      await gate.stop();
      agent.destroy();
    },
  };
}

function refuseLargeBatch(request: AwsRequest): void {
  if (request.action !== "BatchGetSecretValue") return;
  const { SecretIdList: ids } = JSON.parse(request.body.toString("utf8")) as { SecretIdList?: readonly string[] };
  if (ids !== undefined && ids.length > MAX_BATCH_IDS) {
    throw new AwsFault("ValidationException", `Member must have length less than or equal to ${MAX_BATCH_IDS}`);
  }
}

function forward(request: AwsRequest, upstream: URL, agent: Agent, timeoutMs: number): Promise<AwsResponse> {
  return new Promise((resolve, reject) => {
    const unavailable = () => reject(new AwsFault("ServiceUnavailable", "The emulator behind does not answer.", 503));
    const outgoing = httpRequest(
      {
        host: upstream.hostname,
        port: upstream.port,
        method: request.method,
        path: request.target,
        headers: { ...request.headers, host: upstream.host },
        agent,
        timeout: timeoutMs,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", unavailable);
        incoming.on("end", () => {
          const headers: Record<string, string> = {};
          for (const [name, value] of Object.entries(incoming.headers)) {
            if (typeof value === "string" && !HOP_BY_HOP.has(name)) headers[name] = value;
          }
          const status = incoming.statusCode ?? 502;
          const isMissing = status === 404 && request.protocol === "json";
          resolve({ status: isMissing ? 400 : status, headers, body: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", unavailable);
    outgoing.end(request.body);
  });
}

const HOP_BY_HOP: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);
