/** What the tests of the Kubernetes client share: types, objects, a logger that keeps lines, and clean-up. */
import type { TestContext } from "node:test";
import { createKubeClient, type KubeClientOptions } from "../../../controller/kube/client.ts";
import type { KubeClient, KubeObject, Logger, ResourceType } from "../../../controller/kube/contracts.ts";
import type { CredentialSource } from "../../../controller/kube/credentials.ts";
import { FakeClock } from "../../fake-clock.ts";
import { type FakeApiServer, type FakeApiServerOptions, startFakeApiServer } from "./fake-api-server.ts";
import type { FakeObject } from "./fake-object-store.ts";

export const secretType: ResourceType = {
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
};
export const configMapType: ResourceType = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
export const storeType: ResourceType = {
  group: "external-secrets.io",
  version: "v1",
  kind: "SecretStore",
  plural: "secretstores",
  namespaced: true,
};
export const SECRETS = "/api/v1/secrets";
export const CONFIG_MAPS = "/api/v1/configmaps";
export const STORES = "/apis/external-secrets.io/v1/secretstores";

export interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** A Secret as the fake server stores it. */
export function secret(namespace: string, name: string, data: Readonly<Record<string, string>> = {}): FakeObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name }, data };
}

export interface ClientFixture {
  readonly server: FakeApiServer;
  readonly client: KubeClient;
  readonly clock: FakeClock;
  readonly signal: AbortSignal;
}

/** A fake server and a client of it on one fake clock; both end with the test. */
export async function startClient(
  context: TestContext,
  options: FakeApiServerOptions & {
    readonly client?: Partial<KubeClientOptions>;
    readonly credentials?: CredentialSource;
  } = {},
): Promise<ClientFixture> {
  const clock = new FakeClock();
  const server = await startFakeApiServer({ clock, ...options });
  const client = createKubeClient(server.config(options.credentials), { clock, qps: 0, ...options.client });
  const abort = new AbortController();
  context.after(async () => {
    abort.abort(new Error("the test is over"));
    client.close();
    await server.close();
  });
  return { server, client, clock, signal: abort.signal };
}

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** Keeps what is logged. */
export function keepingLogger(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine["level"]) => (message: string, fields?: LogLine["fields"]) => {
    lines.push({ level, message, fields });
  };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
