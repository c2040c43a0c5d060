/** The calls to AWS Certificate Manager that reading takes: signed JSON over HTTP, for which no client library has to be loaded. */
import type { Clock } from "../../../api/clock.ts";
import { createHttpClient, type HttpResponse } from "../../http-client.ts";
import { signedHeaders } from "../../signature-v4.ts";
import type { CallLimits } from "../aws-call.ts";
import type { ConnectionOptions } from "../connection.ts";
import type { CredentialCache } from "../credential-cache.ts";
import { classifyAwsError } from "../error-classes.ts";
import { signedCalls } from "../signed-calls.ts";

/** A certificate, and those that vouch for it, as PEM. */
export interface CertificateAnswer {
  readonly Certificate?: string;
  readonly CertificateChain?: string;
}

export interface ExportAnswer extends CertificateAnswer {
  /** PKCS #8, encrypted with the passphrase. */
  readonly PrivateKey?: string;
}

/** All methods throw a `SyncError`. */
export interface CertificateManagerApi {
  /** Whether AWS accepts the credentials; needs no permission. */
  probe(signal: AbortSignal): Promise<void>;
  get(arn: string, signal: AbortSignal): Promise<CertificateAnswer>;
  /** AWS charges for each. */
  export(arn: string, passphrase: string, signal: AbortSignal): Promise<ExportAnswer>;
  close(): void;
}

/** Connects lazily: no request is sent before the first operation. */
export function openCertificateManagerApi(
  connection: ConnectionOptions,
  limits: CallLimits,
  credentials: CredentialCache,
): CertificateManagerApi {
  const { region, certificateManagerEndpoint, environment, requestTimeoutMs: timeoutMs } = connection;
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const endpoint = certificateManagerEndpoint ?? `https://acm.${region}.${domain}`;
  const { clock } = limits;
  const serverField = "spec.provider.aws.region";
  const backend = "AWS Certificate Manager";
  const http = createHttpClient({ backend, baseUrl: endpoint, serverField, timeoutMs, clock, environment });
  const call = signedCalls("acm", limits, credentials);
  const send = async (action: string, input: object, signal: AbortSignal): Promise<object> => {
    const request = signedRequest(action, input, { endpoint, region, clock });
    return answerOf(await http.request(request(await credentials.get(signal)), signal));
  };
  return {
    probe: (signal) =>
      call("ListCertificates", undefined, signal, async ({ abortSignal }) => {
        try {
          await send("ListCertificates", { MaxItems: 1 }, abortSignal);
        } catch (error) {
          if (classifyAwsError(error).code !== "AccessDenied") throw error;
        }
      }),
    get: (arn, signal) =>
      call("GetCertificate", arn, signal, ({ abortSignal }) =>
        send("GetCertificate", { CertificateArn: arn }, abortSignal),
      ),
    export: (arn, passphrase, signal) =>
      call("ExportCertificate", arn, signal, ({ abortSignal }) => {
        const input = { CertificateArn: arn, Passphrase: Buffer.from(passphrase).toString("base64") };
        return send("ExportCertificate", input, abortSignal);
      }),
    close: () => http.close(),
  };
}

interface Place {
  readonly endpoint: string;
  readonly region: string;
  readonly clock: Clock;
}

function signedRequest(action: string, input: object, { endpoint, region, clock }: Place) {
  const body = JSON.stringify(input);
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `CertificateManager.${action}` };
  const toSign = { method: "POST", url: new URL("/", endpoint), headers, body, region, service: "acm" };
  return (keys: Parameters<typeof signedHeaders>[1]) => ({
    method: "POST",
    path: "",
    body,
    headers: signedHeaders({ ...toSign, nowMs: clock.now() }, keys),
  });
}

/** @throws what a client library would, for the classes of AWS's errors: a code and metadata, never a text. */
function answerOf(response: HttpResponse): object {
  const body = objectIn(response.body);
  if (response.status < 300 && body !== undefined) return body;
  const named = response.headers["x-amzn-errortype"] ?? body?.__type;
  const [, name = "UnknownError"] = typeof named === "string" ? (/(?:^|#)(\w{1,100})(?::|$)/.exec(named) ?? []) : [];
  const { status: httpStatusCode, headers } = response;
  const requestId = headers["x-amzn-requestid"];
  throw Object.assign(new Error(name), {
    name,
    $metadata: { httpStatusCode, ...(typeof requestId === "string" ? { requestId } : {}) },
    $response: { statusCode: httpStatusCode, headers },
  });
}

function objectIn(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    // Not AWS's own answer. The parser's message quotes it, and so is not kept.
    return undefined;
  }
}
