/** Stores of the backend `gcpsm` against the emulator of Google's services. */
import { after, before } from "node:test";
import type { GcpSmProviderSpec } from "../../api/stores/gcpsm.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { createGcpSmBackend } from "../../providers/gcpsm/index.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import { WakingClock } from "../contract/waking-clock.ts";
import { type GoogleEmulator, googleEnvironment, PROJECT, startGoogleEmulator } from "../ground/gcp/index.ts";

export type GcpAuth = NonNullable<GcpSmProviderSpec["auth"]>;

/** A Secret `google` with the key `key.json`. */
export const KEY_AUTH: GcpAuth = { secretRef: { secretAccessKeySecretRef: { name: "google", key: "key.json" } } };

export interface GoogleBench {
  readonly emulator: () => GoogleEmulator;
  /** In the emulator's project unless the spec says otherwise. Closed with the file's tests. */
  open(spec: GcpSmProviderSpec, surroundings?: Surroundings): Promise<SecretsClient>;
  /** The Secret of `KEY_AUTH`, with the key of an account that may do everything. */
  keySecret(): Record<string, string>;
  /** With the key of an account that may do what is given; default everything. */
  openWithKey(spec?: GcpSmProviderSpec, permissions?: readonly string[]): Promise<SecretsClient>;
}

/** Starts an emulator for the tests of the file. */
export function useGoogle(): GoogleBench {
  let running: GoogleEmulator | undefined;
  // Making a key takes long, so that accounts with equal permissions are one.
  const secrets = new Map<string, Record<string, string>>();
  const opened: SecretsClient[] = [];
  const emulator = () => {
    if (running === undefined) throw new Error("the emulator has not been started");
    return running;
  };
  const open: GoogleBench["open"] = async (spec, surroundings = {}) => {
    const context = createStoreContext({
      clock: new WakingClock(Date.now()),
      ...surroundings,
      environment: { ...googleEnvironment(emulator().endpoint), ...surroundings.environment },
    });
    const backend = createGcpSmBackend({ random: () => 0.5 });
    const client = await backend.open({ projectID: PROJECT, ...spec }, context, limit());
    opened.push(client);
    return client;
  };
  const keySecret = (permissions: readonly string[] = ["*"]) => {
    const name = permissions.join();
    const makeKey = () => JSON.stringify(emulator().accountKey(`account-${secrets.size}`, permissions));
    const secret = secrets.get(name) ?? { "google/key.json": makeKey() };
    secrets.set(name, secret);
    return { ...secret };
  };
  before(async () => {
    running = await startGoogleEmulator();
  });
  after(async () => {
    await Promise.all(opened.map((client) => client.close()));
    await running?.stop();
  });
  return {
    emulator,
    open,
    keySecret: () => keySecret(),
    openWithKey: (spec = {}, permissions = ["*"]) =>
      open({ auth: KEY_AUTH, ...spec }, { secrets: keySecret(permissions) }),
  };
}

/** Ends a test that hangs. */
export function limit(): AbortSignal {
  return AbortSignal.timeout(10_000);
}

/** The text of what is read. */
export async function textOf(reading: Promise<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await reading);
}
