/** A store of the backend `vault` against a scripted server. */
import type { VaultProviderSpec } from "../../api/stores/vault.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { createVaultBackend } from "../../providers/vault/index.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import {
  type ScriptedAnswer,
  type ScriptedRequest,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-server.ts";

/** The answer to a request; undefined for Vault's own 404 of what is not there. */
export type VaultScript = (request: ScriptedRequest) => ScriptedAnswer | undefined;

export interface ScriptedVault extends ScriptedServer {
  open(spec?: Partial<VaultProviderSpec>, surroundings?: Surroundings): Promise<SecretsClient>;
  /** Method and path of the requests that match. */
  seen(pattern: RegExp): readonly string[];
}

/** A Secret `vault` with the key `token`. */
export const TOKEN_AUTH = { tokenSecretRef: { name: "vault", key: "token" } } as const;
export const STATIC_TOKEN = "static-token";

export async function startScriptedVault(script: VaultScript): Promise<ScriptedVault> {
  const server = await startScriptedServer((request) => script(request) ?? { status: 404, body: { errors: [] } });
  return {
    address: server.address,
    requests: server.requests,
    get connections() {
      return server.connections;
    },
    stop: server.stop,
    open(spec, surroundings) {
      const context = createStoreContext({ secrets: { "vault/token": STATIC_TOKEN }, ...surroundings });
      const whole = { server: server.address, path: "secret", auth: TOKEN_AUTH, ...spec };
      return createVaultBackend({ random: () => 0.5 }).open(whole, context, limit());
    },
    seen: (pattern) =>
      server.requests.map(({ method, url }) => `${method} ${url}`).filter((line) => pattern.test(line)),
  };
}

/** A version 2 answer of these data. */
export function kvAnswer(data: unknown): ScriptedAnswer {
  return { body: { data: { data, metadata: { version: 1 } } } };
}

/** Ends a test that hangs. */
export function limit(): AbortSignal {
  return AbortSignal.timeout(10_000);
}
