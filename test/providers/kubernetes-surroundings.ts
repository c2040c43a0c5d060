/** A store of the backend `kubernetes` against a scripted API server. */
import type { KubernetesProviderSpec } from "../../api/stores/kubernetes.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { createKubernetesBackend } from "../../providers/kubernetes/index.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import {
  type ScriptedAnswer,
  type ScriptedRequest,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-server.ts";

/** The answer to a request; undefined for the API server's own: the namespace is there, and no Secret in it. */
export type KubeScript = (request: ScriptedRequest) => ScriptedAnswer | undefined;

export interface ScriptedApiServer extends ScriptedServer {
  open(spec?: Partial<KubernetesProviderSpec>, surroundings?: Surroundings): Promise<SecretsClient>;
  /** Method and path of the requests that match. */
  seen(pattern: RegExp): readonly string[];
}

/** In the Secret `user` with the key `token`. */
export const STORED_TOKEN = "stored-token";

export async function startScriptedApiServer(script: KubeScript): Promise<ScriptedApiServer> {
  const server = await startScriptedServer((request) => script(request) ?? emptyNamespace(request));
  return {
    address: server.address,
    requests: server.requests,
    get connections() {
      return server.connections;
    },
    stop: server.stop,
    open(spec, surroundings) {
      const context = createStoreContext({ secrets: { "user/token": STORED_TOKEN }, ...surroundings });
      const whole = {
        server: { url: server.address },
        remoteNamespace: "shared",
        auth: { token: { bearerToken: { name: "user" } } },
        ...spec,
      };
      return createKubernetesBackend({ random: () => 0.5 }).open(whole, context, limit());
    },
    seen: (pattern) =>
      server.requests.map(({ method, url }) => `${method} ${url}`).filter((line) => pattern.test(line)),
  };
}

function emptyNamespace({ url }: ScriptedRequest): ScriptedAnswer {
  if (url.endsWith("/namespaces/shared")) return { body: { kind: "Namespace", metadata: { name: "shared" } } };
  return statusAnswer(404, "NotFound", { kind: "secrets", name: url.split("/").at(-1) });
}

/** What the API server says in place of a success; its message quotes what must not be shown. */
export function statusAnswer(code: number, reason: string, details?: unknown): ScriptedAnswer {
  const message = `c4n4ry: ${reason}`;
  return {
    status: code,
    body: { kind: "Status", apiVersion: "v1", status: "Failure", message, reason, details, code },
  };
}

/** A Secret with these values; `metadata` beside its name. */
export function secretAnswer(name: string, values: Readonly<Record<string, string>>, metadata = {}): ScriptedAnswer {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return {
    body: {
      kind: "Secret",
      apiVersion: "v1",
      metadata: { name, namespace: "shared", uid: "u", resourceVersion: "7", ...metadata },
      type: "Opaque",
      data: Object.fromEntries(data),
    },
  };
}

/** Ends a test that hangs. */
export function limit(): AbortSignal {
  return AbortSignal.timeout(10_000);
}
