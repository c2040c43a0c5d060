/** A session and the inputs of a SyncedSecret, for tests of the operations without Pulumi's engine. */
import { randomBytes } from "node:crypto";
import { type Clock, systemClock } from "../../api/clock.ts";
import type { ExternalSecretSpec } from "../../api/external-secret.ts";
import { type Created, create } from "../../sync/resource/create.ts";
import { diff, hasChanges, type Plan } from "../../sync/resource/diff.ts";
import type { Store, SyncedSecretInputs } from "../../sync/resource/inputs.ts";
import { policyOf } from "../../sync/resource/policy.ts";
import { refresh } from "../../sync/resource/read.ts";
import { type Removal, removeSecret } from "../../sync/resource/remove-secret.ts";
import type { SyncedSecretState } from "../../sync/resource/state.ts";
import { update } from "../../sync/resource/update.ts";
import { readConfiguration } from "../../sync/session/configuration.ts";
import { SyncSession } from "../../sync/session/session.ts";

export interface SessionOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
}

/** A session with its own clock and environment; it reaches a cluster only where the environment names one. */
export function openSession({
  environment = {},
  configuration = {},
  clock = systemClock,
}: SessionOptions = {}): SyncSession {
  const silent = () => {};
  const { configuration: read, problems } = readConfiguration({ namespace: "default", ...configuration });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return new SyncSession(read, {
    ...{ clock, environment, homeFolder: undefined },
    randomBytes: (length) => randomBytes(length),
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
}

/** A store with these values. */
export function fakeStore(values: Readonly<Record<string, string>>): Store {
  return { provider: { fake: { data: Object.entries(values).map(([key, value]) => ({ key, value })) } } };
}

/** A resource and the operations on it, as the engine calls them. */
export class Resource {
  readonly #session: SyncSession;
  inputs: SyncedSecretInputs;
  state: SyncedSecretState | undefined;

  constructor(session: SyncSession, name: string, inputs: Omit<SyncedSecretInputs, "metadata">) {
    this.#session = session;
    this.inputs = { metadata: { name, namespace: "default" }, ...inputs };
    session.named.add(`default/${name}`);
  }

  async create(): Promise<Created> {
    const created = await this.#session.run((signal) => create(this.#session, this.inputs, signal));
    this.state = created.state;
    return created;
  }

  /** With other inputs, where they are given. */
  diff(inputs: SyncedSecretInputs = this.inputs): Promise<Plan> {
    const request = { state: this.#known(), old: this.inputs, inputs };
    return this.#session.run((signal) => diff(this.#session, request, signal));
  }

  /** What `pulumi up` does: the plan, and where there is something to do, the update. */
  async up(changes: Partial<SyncedSecretInputs> = {}): Promise<Plan> {
    const inputs = { ...this.inputs, ...changes };
    const plan = await this.diff(inputs);
    if (hasChanges(plan)) {
      const request = { state: this.#known(), old: this.inputs, inputs };
      this.state = await this.#session.run((signal) => update(this.#session, request, signal));
    }
    this.inputs = inputs;
    return plan;
  }

  async refresh(): Promise<SyncedSecretState | undefined> {
    const state = this.#known();
    this.state = await this.#session.run((signal) => refresh(this.#session, this.inputs, state, signal));
    return this.state;
  }

  delete(): Promise<Removal> {
    const { secretName: name, namespace, ...state } = this.#known();
    const policy = policyOf(this.inputs.spec);
    return this.#session.run((signal) => removeSecret(this.#session, { name, namespace }, state, policy, signal));
  }

  #known(): SyncedSecretState {
    if (this.state === undefined) throw new Error("the resource has no state");
    return this.state;
  }
}

/** Reads each key of the store into a key of the same name. */
export function dataOf(keys: readonly string[]): NonNullable<ExternalSecretSpec["data"]> {
  return keys.map((key) => ({ secretKey: key, remoteRef: { key } }));
}
