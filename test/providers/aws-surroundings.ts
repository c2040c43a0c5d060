/** What the aws backend finds around it in tests: a cluster in memory, a clock that stands, and an emulator on loopback. */
import { TextEncoder } from "node:util";
import type { Clock } from "../../api/clock.ts";
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import { createAwsBackend } from "../../providers/aws/index.ts";
import type { SecretsClient, StoreContext, StoreIdentity } from "../../providers/contract.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { FakeClock } from "../fake-clock.ts";
import { EXAMPLE_CREDENTIALS } from "../ground/aws/index.ts";

/** Parts of the surroundings that a test changes. */
export interface AwsSurroundings {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `name/key` to value, in the store's namespace. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Annotations by service account. */
  readonly serviceAccounts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Issues a token for a service account and audiences. */
  readonly issueToken?: (name: string, audiences: readonly string[]) => string;
  readonly clock?: Clock;
  readonly store?: StoreIdentity;
  readonly namespace?: string | undefined;
  readonly requestTimeoutMs?: number;
  readonly retrySettings?: StoreContext["retrySettings"];
}

/** The Secret `aws` with the emulator's key pair. */
export const EXAMPLE_SECRETS: Readonly<Record<string, string>> = {
  "aws/id": EXAMPLE_CREDENTIALS.accessKeyId,
  "aws/key": EXAMPLE_CREDENTIALS.secretAccessKey,
};

/** `auth` that reads `EXAMPLE_SECRETS`. */
export const EXAMPLE_AUTH = {
  secretRef: {
    accessKeyIDSecretRef: { name: "aws", key: "id" },
    secretAccessKeySecretRef: { name: "aws", key: "key" },
  },
} as const;

/** A store's block with access keys. */
export const EXAMPLE_SPEC: AwsProviderSpec = { service: "SecretsManager", region: "us-east-1", auth: EXAMPLE_AUTH };

/** A fake clock whose sleeps end at once and are written down. */
export class WakingClock extends FakeClock {
  readonly slept: number[] = [];

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
  }
}

/** The context that a controller would hand to the backend. */
export function awsContext(endpoint: string, surroundings: AwsSurroundings = {}): StoreContext {
  const secrets = surroundings.secrets ?? EXAMPLE_SECRETS;
  return {
    store: surroundings.store ?? { kind: "SecretStore", name: "store", namespace: "team" },
    namespace: "namespace" in surroundings ? surroundings.namespace : "team",
    clock: surroundings.clock ?? new WakingClock(),
    environment: {
      ...ISOLATION,
      AWS_SECRETSMANAGER_ENDPOINT: endpoint,
      AWS_SSM_ENDPOINT: endpoint,
      AWS_STS_ENDPOINT: endpoint,
      AWS_ACM_ENDPOINT: endpoint,
      ...surroundings.environment,
    },
    requestTimeoutMs: surroundings.requestTimeoutMs ?? 5_000,
    ...(surroundings.retrySettings && { retrySettings: surroundings.retrySettings }),
    async readSecretKey({ name, key }, field) {
      const value = secrets[`${name}/${key}`];
      if (value === undefined) throw new InvalidConfiguration(`Secret "${name}" has no key "${key}"`, { field });
      return new TextEncoder().encode(value);
    },
    async readConfigMapKey(_ref, field) {
      throw new InvalidConfiguration("there are no ConfigMaps", { field });
    },
    async readLabelledSecret(_ref, _label, field) {
      throw new InvalidConfiguration("there are no labelled Secrets", { field });
    },
    async renderTemplate(field) {
      throw new InvalidConfiguration("there are no templates", { field });
    },
    async requestToken({ name, audiences = [] }, { defaultAudiences }) {
      const token = surroundings.issueToken?.(name, [...defaultAudiences, ...audiences]) ?? "";
      return { token, expiresAtMs: Number.MAX_SAFE_INTEGER };
    },
    async readServiceAccountAnnotations({ name }, field) {
      const annotations = surroundings.serviceAccounts?.[name];
      if (annotations === undefined) throw new InvalidConfiguration(`no service account "${name}"`, { field });
      return annotations;
    },
  };
}

/** Keeps the default chain away from this machine's files and from any network. */
const ISOLATION = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/nonexistent/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
};

/** Opens a store; retries are not spread. */
export function openAws(
  endpoint: string,
  spec: Partial<AwsProviderSpec> = {},
  surroundings: AwsSurroundings = {},
): Promise<SecretsClient> {
  const backend = createAwsBackend({ random: () => 0.5 });
  return backend.open({ ...EXAMPLE_SPEC, ...spec }, awsContext(endpoint, surroundings), AbortSignal.timeout(10_000));
}

/** A signal that ends a test that hangs. */
export function signal(): AbortSignal {
  return AbortSignal.timeout(10_000);
}

/** Bytes as text. */
export function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
