/** The provider behind the shim: the operations over plain objects, in Pulumi's process for dynamic resources. */
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { systemClock } from "../../api/clock.ts";
import { describeError } from "../describe-error.ts";
import { type CheckFailure, checkInputs, placeOf } from "../resource/check.ts";
import { create } from "../resource/create.ts";
import { diff, hasChanges } from "../resource/diff.ts";
import { ownerOf } from "../resource/ownership.ts";
import { policyOf } from "../resource/policy.ts";
import { refresh } from "../resource/read.ts";
import { removeSecret } from "../resource/remove-secret.ts";
import type { SyncedSecretState } from "../resource/state.ts";
import { inputsOf, partialInputsOf, stateOfProperties } from "../resource/state-shape.ts";
import { update } from "../resource/update.ts";
import { CONFIGURATION_FIELDS, readConfiguration } from "../session/configuration.ts";
import { SyncSession } from "../session/session.ts";
import { hasUnknown, UNKNOWN } from "../property-values.ts";

type Properties = Readonly<Record<string, unknown>>;

/** The process, as the shim hands it in. */
export interface HostProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The stack's configuration, as Pulumi hands it to dynamic providers. */
interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

/** As Pulumi's `dynamic.ResourceProvider`. What they throw is told to the user. */
export interface DynamicProvider {
  configure(request: ConfigureRequest): Promise<void>;
  check(olds: Properties, news: Properties): Promise<{ readonly inputs: Properties; readonly failures: readonly CheckFailure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<DynamicDiff>;
  create(inputs: Properties): Promise<{ readonly id: string; readonly outs: Properties }>;
  read(id: string, properties: Properties): Promise<{ readonly id?: string; readonly props?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ readonly outs: Properties }>;
  delete(id: string, properties: Properties): Promise<void>;
}

interface DynamicDiff {
  readonly changes: boolean;
  readonly replaces?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

/** Inputs that the class adds. */
const OWN_INPUTS = ["__provider", "resource"];
const STATE_FIELDS: readonly (keyof SyncedSecretState)[] = [
  "secretName",
  "namespace",
  "type",
  "uid",
  "keys",
  "source",
  "owner",
  "hashKey",
  "clusterDrift",
  "backendDrift",
];

/** One for each process of Pulumi. The configuration is that of the stack: `external-secrets:kubeconfig` and so on. */
export function createDynamicProvider(host: HostProcess): DynamicProvider {
  let session = newSession(host, {});
  return {
    async configure({ config }) {
      const given = CONFIGURATION_FIELDS.map((field) => [field, config.get(`external-secrets:${field}`)]);
      session = newSession(host, Object.fromEntries(given));
    },
    check: (olds, news) => told(() => check(session, olds, news)),
    diff: (_id, olds, news) => told(() => diffed(session, olds, news)),
    create: (inputs) => told(() => created(session, inputs)),
    read: (id, properties) => told(() => read(session, id, properties)),
    update: (_id, olds, news) => told(() => updated(session, olds, news)),
    delete: (_id, properties) => told(() => remove(session, properties)),
  };
}

function newSession({ env }: HostProcess, given: Properties): SyncSession {
  const { configuration, problems } = readConfiguration(given);
  if (problems.length > 0) {
    throw new Error(problems.map(({ field, reason }) => `external-secrets:${field} ${reason}`).join("; "));
  }
  const silent = () => {};
  return new SyncSession(configuration, {
    clock: systemClock,
    environment: env,
    homeFolder: homedir(),
    randomBytes: (length) => randomBytes(length),
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
}

/** Pulumi shows the message and the stack of what is thrown: the message shall say all, in one line. */
async function told<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const shown = new Error(describeError(error));
    shown.stack = "";
    throw shown;
  }
}

/** The inputs in properties that hold the state and more. */
function ownInputs(properties: Properties): Properties {
  const others: readonly string[] = [...OWN_INPUTS, ...STATE_FIELDS];
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !others.includes(key)));
}

/** The outputs of a dynamic resource are all that its later operations get. */
function outsOf(inputs: Properties, state: SyncedSecretState): Properties {
  return { ...inputs, ...state };
}

async function check(session: SyncSession, olds: Properties, news: Properties) {
  const inputs = ownInputs(news);
  const request = {
    inputs: partialInputsOf(inputs),
    old: Object.keys(olds).length === 0 ? undefined : partialInputsOf(ownInputs(olds)),
    name: "",
    hasUnknowns: hasUnknown(inputs),
  };
  const failures = await session.run(() => checkInputs(session, request));
  if (inputs.metadata === UNKNOWN) return { inputs: news, failures };
  const place = await placeOf(session, request);
  return { inputs: { ...news, metadata: { ...request.inputs.metadata, ...place } }, failures };
}

async function diffed(session: SyncSession, olds: Properties, news: Properties): Promise<DynamicDiff> {
  const inputs = ownInputs(news);
  if (hasUnknown(inputs)) return { changes: true };
  const request = { state: requireState(olds), old: partialInputsOf(ownInputs(olds)), inputs: inputsOf(inputs) };
  const plan = await session.run((signal) => diff(session, request, signal));
  const replaces = [...new Set(plan.replaces.map((path) => path.split(/[.[]/)[0] ?? path))];
  return { changes: hasChanges(plan), replaces, deleteBeforeReplace: replaces.length > 0 && plan.deletesBefore };
}

async function created(session: SyncSession, properties: Properties) {
  const owner = ownerOf(String(properties.resource));
  const inputs = inputsOf(ownInputs(properties));
  const { id, state } = await session.run((signal) => create(session, inputs, owner, signal));
  return { id, outs: outsOf(properties, state) };
}

async function read(session: SyncSession, id: string, properties: Properties) {
  const state = requireState(properties);
  const inputs = inputsOf(ownInputs(properties));
  const now = await session.run((signal) => refresh(session, inputs, state, signal));
  return now === undefined ? {} : { id, props: outsOf(properties, now) };
}

async function updated(session: SyncSession, olds: Properties, news: Properties) {
  const request = { state: requireState(olds), old: partialInputsOf(ownInputs(olds)), inputs: inputsOf(ownInputs(news)) };
  const state = await session.run((signal) => update(session, request, signal));
  return { outs: outsOf(news, state) };
}

async function remove(session: SyncSession, properties: Properties): Promise<void> {
  const state = requireState(properties);
  const { spec } = partialInputsOf(ownInputs(properties));
  const name = { namespace: state.namespace, name: state.secretName };
  await session.run((signal) => removeSecret(session, name, state, policyOf(spec), signal));
}

function requireState(properties: Properties): SyncedSecretState {
  const state = stateOfProperties(properties);
  if (state === undefined) throw new Error("the state of this SyncedSecret has no hashKey");
  return state;
}
