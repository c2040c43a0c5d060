/** The provider behind the shim: the operations over plain objects, in Pulumi's process for dynamic resources. */
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { systemClock } from "../../api/clock.ts";
import { describeError } from "../describe-error.ts";
import { hasUnknown, type Properties, UNKNOWN } from "../property-values.ts";
import { type CheckFailure, checkInputs, placeOf } from "../resource/check.ts";
import { create } from "../resource/create.ts";
import { diff, hasChanges } from "../resource/diff.ts";
import { policyOf } from "../resource/policy.ts";
import { refresh } from "../resource/read.ts";
import { removeSecret } from "../resource/remove-secret.ts";
import { inputsOf, partialInputsOf } from "../resource/state-shape.ts";
import { update } from "../resource/update.ts";
import { CONFIGURATION_FIELDS, readConfiguration } from "../session/configuration.ts";
import { SyncSession } from "../session/session.ts";
import { outsOf, ownInputs, storedIn } from "./stored-outputs.ts";

/** The process, as the shim hands it in. */
export interface HostProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its lines are shown by Pulumi as messages. */
  readonly stdout: { write(text: string): unknown };
}

/** The stack's configuration, as Pulumi hands it to dynamic providers. */
interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

/** As Pulumi's `dynamic.ResourceProvider`. What they throw is told to the user. */
export interface DynamicProvider {
  configure(request: ConfigureRequest): Promise<void>;
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ readonly inputs: Properties; readonly failures: readonly CheckFailure[] }>;
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

/** One for each process of Pulumi. The configuration is that of the stack: `external-secrets:kubeconfig` and so on. */
export function createDynamicProvider(host: HostProcess): DynamicProvider {
  let session = newSession(host, {});
  return {
    async configure({ config }) {
      const given = CONFIGURATION_FIELDS.map((field) => [field, config.get(`external-secrets:${field}`)]);
      session = newSession(host, Object.fromEntries(given));
    },
    check: (olds, news) => told(() => check(session, olds, news)),
    diff: (id, olds, news) =>
      told(() => diffed(session, { id, olds, news }, (line) => void host.stdout.write(`${line}\n`))),
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

interface DiffedRequest {
  readonly id: string;
  readonly olds: Properties;
  readonly news: Properties;
}

async function diffed(
  session: SyncSession,
  { id, olds, news }: DiffedRequest,
  tell: (line: string) => void,
): Promise<DynamicDiff> {
  const inputs = ownInputs(news);
  if (hasUnknown(inputs)) return { changes: true };
  const { inputs: old, state } = storedIn(olds);
  const request = { state, old: partialInputsOf(old), inputs: inputsOf(inputs) };
  const plan = await session.run((signal) => diff(session, request, signal));
  const { added, changed, removed } = plan.keys;
  const keys = [
    ...added.map((key) => `+${key}`),
    ...changed.map((key) => `~${key}`),
    ...removed.map((key) => `-${key}`),
  ];
  // The diff of a dynamic resource has no place for it.
  if (keys.length > 0) tell(`SyncedSecret ${id}: keys ${keys.join(" ")}`);
  const replaces = [...new Set(plan.replaces.map((path) => path.split(/[.[]/)[0] ?? path))];
  return { changes: hasChanges(plan), replaces, deleteBeforeReplace: replaces.length > 0 && plan.deletesBefore };
}

async function created(session: SyncSession, properties: Properties) {
  const inputs = inputsOf(ownInputs(properties));
  const { id, state } = await session.run((signal) => create(session, inputs, signal));
  return { id, outs: outsOf(ownInputs(properties), state) };
}

async function read(session: SyncSession, id: string, properties: Properties) {
  const { inputs, state } = storedIn(properties);
  const now = await session.run((signal) => refresh(session, inputsOf(inputs), state, signal));
  return now === undefined ? {} : { id, props: outsOf(inputs, now) };
}

async function updated(session: SyncSession, olds: Properties, news: Properties) {
  const inputs = ownInputs(news);
  const { inputs: old, state } = storedIn(olds);
  const request = { state, old: partialInputsOf(old), inputs: inputsOf(inputs) };
  const next = await session.run((signal) => update(session, request, signal));
  return { outs: outsOf(inputs, next) };
}

async function remove(session: SyncSession, properties: Properties): Promise<void> {
  const { inputs, state } = storedIn(properties);
  const name = { namespace: state.namespace, name: state.secretName };
  const policy = policyOf(partialInputsOf(inputs).spec);
  await session.run((signal) => removeSecret(session, name, state, policy, signal));
}
