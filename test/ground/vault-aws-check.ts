/** What Vault's auth method `aws` checks of an IAM login, as its documentation and its answers have it. */
import { request as httpRequest } from "node:http";

export interface AwsCheck {
  /** The STS endpoint that Vault asks. */
  readonly stsEndpoint: string;
  /** Hosts that a request may have been signed for, such as `sts.amazonaws.com`. */
  readonly hosts: readonly string[];
  /** `iam_server_id_header_value`. */
  readonly serverId?: string;
  /** `bound_iam_principal_arn` by role: the canonical one, without sessions. */
  readonly roles: Readonly<Record<string, string>>;
}

const SERVER_ID = "x-vault-aws-iam-server-id";
const AMZ_HEADERS = ["algorithm", "content-sha256", "credential", "date", "security-token", "signature"];
const TIMEOUT_MS = 10_000;

/** Why Vault refuses the login, or undefined where it lets in. */
export async function awsRefusal(body: Readonly<Record<string, string>>, check: AwsCheck): Promise<string | undefined> {
  const url = URL.parse(decode(body.iam_request_url));
  if (body.iam_http_request_method !== "POST") return "invalid iam_http_request_method";
  if (url === null || url.search !== "") return "error parsing iam_request_url";
  if (!check.hosts.includes(url.host)) return "the request is signed for another endpoint than Vault asks";
  const form = new URLSearchParams(decode(body.iam_request_body));
  const fields = [...form.keys()].sort().join();
  if (fields !== "Action,Version" || form.get("Action") !== "GetCallerIdentity") return "request body is not valid";
  const headers = JSON.parse(decode(body.iam_request_headers)) as Readonly<Record<string, string>>;
  const unsafe = unsafeHeader(headers, check.serverId);
  if (unsafe !== undefined) return unsafe;
  const { status, text } = await ask(check.stsEndpoint, url, headers, form.toString());
  if (status !== 200) return `error making upstream request: received error code ${status} from STS: ${text}`;
  const arn = canonicalArn(/<Arn>([^<]*)<\/Arn>/.exec(text)?.[1] ?? "");
  return check.roles[body.role ?? ""] === arn
    ? undefined
    : `IAM Principal "${arn}" does not belong to the role "${body.role}"`;
}

function unsafeHeader(headers: Readonly<Record<string, string>>, serverId: string | undefined): string | undefined {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const strange = [...byName.keys()].find((name) => name.startsWith("x-amz-") && !AMZ_HEADERS.includes(name.slice(6)));
  if (strange !== undefined) return `invalid request header: ${strange}`;
  if (serverId === undefined) return undefined;
  if (byName.get(SERVER_ID) !== serverId) return `expected "${serverId}" but got "${byName.get(SERVER_ID)}"`;
  const signed = /SignedHeaders=([^,]+)/.exec(byName.get("authorization") ?? "")?.[1]?.split(";");
  return signed?.includes(SERVER_ID) ? undefined : "vault header wasn't signed";
}

/** Sends the signed request on to the one endpoint that Vault knows, which recomputes the signature. */
function ask(
  endpoint: string,
  { host, pathname }: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const options = { method: "POST", headers: { ...headers, host }, signal: AbortSignal.timeout(TIMEOUT_MS) };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(new URL(pathname, endpoint), options, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("error", reject);
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function canonicalArn(arn: string): string {
  return arn.replace(/:sts::(\d+):assumed-role\/([^/]+)\/.*$/, ":iam::$1:role/$2");
}

function decode(base64: string | undefined): string {
  return Buffer.from(base64 ?? "", "base64").toString("utf8");
}
