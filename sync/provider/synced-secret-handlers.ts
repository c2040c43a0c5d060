/** The calls of the engine for a SyncedSecret: from messages to the operations, and back. */
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { hasUnknown, type Properties, plainProperties, secret, UNKNOWN, withFields } from "../property-values.ts";
import { type CheckRequest, checkInputs, placeOf } from "../resource/check.ts";
import { create, foreseeCreate } from "../resource/create.ts";
import { diff } from "../resource/diff.ts";
import { idOf, type SyncedSecretInputs, secretNameOf } from "../resource/inputs.ts";
import { policyOf } from "../resource/policy.ts";
import { importSecret, refresh } from "../resource/read.ts";
import { removeSecret } from "../resource/remove-secret.ts";
import { shownKeys } from "../resource/shown-keys.ts";
import type { SyncedSecretState } from "../resource/state.ts";
import { inputsOf, partialInputsOf, stateOfProperties } from "../resource/state-shape.ts";
import { foreseeUpdate, update } from "../resource/update.ts";
import type { SyncSession } from "../session/session.ts";
import { diffResponseOf, unknownDiffResponse } from "./diff-response.ts";
import { fromStruct, toStruct } from "./messages.ts";
import type { ResourceHandlers } from "./resource-handlers.ts";

/** The type of the resource. */
export const SYNCED_SECRET = "external-secrets:index:SyncedSecret";

/** For one session; each call ends with it. */
export function syncedSecretHandlers(session: SyncSession): ResourceHandlers {
  return {
    check: (request) => session.run((signal) => check(session, request, signal)),
    diff: (request) => session.run((signal) => diffed(session, request, signal)),
    create: (request) => session.run((signal) => created(session, request, signal), request.getTimeout() * 1_000),
    read: (request) => session.run((signal) => read(session, request, signal)),
    update: (request) => session.run((signal) => updated(session, request, signal), request.getTimeout() * 1_000),
    delete: (request) => session.run((signal) => remove(session, request, signal), request.getTimeout() * 1_000),
  };
}

async function check(session: SyncSession, request: InstanceType<typeof messages.CheckRequest>, signal: AbortSignal) {
  const news = fromStruct(request.getNews());
  const inputs = plainProperties(news);
  const checked: CheckRequest = {
    inputs: partialInputsOf(inputs),
    old: request.hasOlds() ? partialInputsOf(plainProperties(fromStruct(request.getOlds()))) : undefined,
    name: request.getUrn().split("::").at(-1) ?? "",
    hasUnknowns: hasUnknown(inputs),
  };
  const failures = await checkInputs(session, checked);
  const response = new messages.CheckResponse();
  for (const { property, reason } of failures) {
    response.addFailures(new messages.CheckFailure().setProperty(property).setReason(reason));
  }
  const place = inputs.metadata === UNKNOWN ? undefined : await placeOf(session, checked);
  const metadata = place === undefined ? UNKNOWN : withFields(news.metadata, { ...place });
  const isWhole = failures.length === 0 && !checked.hasUnknowns && place !== undefined;
  const whole = isWhole ? inputsOf({ ...inputs, metadata: { ...checked.inputs.metadata, ...place } }) : undefined;
  const keys = whole === undefined ? {} : await shownKeys(session, whole, checked.old !== undefined, signal);
  return response.setInputs(toStruct({ ...news, metadata, keys }));
}

async function diffed(session: SyncSession, request: InstanceType<typeof messages.DiffRequest>, signal: AbortSignal) {
  const inputs = plainProperties(fromStruct(request.getNews()));
  const old = plainProperties(fromStruct(request.getOldInputs()));
  if (hasUnknown(inputs)) return unknownDiffResponse(old, inputs);
  const state = requireState(fromStruct(request.getOlds()));
  const plan = await diff(session, { state, old: partialInputsOf(old), inputs: inputsOf(inputs) }, signal);
  return diffResponseOf(plan, { old, inputs });
}

async function created(
  session: SyncSession,
  request: InstanceType<typeof messages.CreateRequest>,
  signal: AbortSignal,
) {
  const properties = plainProperties(fromStruct(request.getProperties()));
  const response = new messages.CreateResponse();
  if (!request.getPreview()) {
    const { id, state } = await create(session, inputsOf(properties), signal);
    return response.setId(id).setProperties(toStruct(outputsOf(state)));
  }
  if (hasUnknown(properties)) return response.setProperties(toStruct(foreseen(undefined, [])));
  const inputs = inputsOf(properties);
  const { keys, type } = await foreseeCreate(session, inputs, signal);
  return response.setId(idOf(secretNameOf(inputs))).setProperties(toStruct({ ...foreseen(inputs, keys), type }));
}

/** What a preview shows of a new resource: the names of the keys. */
function foreseen(inputs: SyncedSecretInputs | undefined, keys: readonly string[]): Properties {
  const place = inputs === undefined ? undefined : secretNameOf(inputs);
  return {
    secretName: place?.name ?? UNKNOWN,
    namespace: place?.namespace ?? UNKNOWN,
    type: UNKNOWN,
    uid: UNKNOWN,
    keys: place === undefined ? UNKNOWN : Object.fromEntries(keys.map((key) => [key, UNKNOWN])),
    source: UNKNOWN,
    versions: UNKNOWN,
    owner: UNKNOWN,
    hashKey: secret(UNKNOWN),
    clusterDrift: [],
    backendDrift: [],
  };
}

async function read(session: SyncSession, request: InstanceType<typeof messages.ReadRequest>, signal: AbortSignal) {
  const response = new messages.ReadResponse();
  const state = stateOfProperties(plainProperties(fromStruct(request.getProperties())));
  const inputs = fromStruct(request.getInputs());
  if (state === undefined) {
    const found = await importSecret(session, request.getId(), signal);
    if (found === undefined) return response;
    const imported = toStruct({ ...inputs, ...found.inputs });
    return response
      .setId(request.getId())
      .setInputs(imported)
      .setProperties(toStruct(outputsOf(found.state)));
  }
  const plainInputs = plainProperties(inputs);
  // Imported, and the program's inputs are not in the state yet.
  const now = plainInputs.spec === undefined ? state : await refresh(session, inputsOf(plainInputs), state, signal);
  if (now === undefined) return response;
  return response
    .setId(request.getId())
    .setInputs(toStruct(inputs))
    .setProperties(toStruct(outputsOf(now)));
}

async function updated(
  session: SyncSession,
  request: InstanceType<typeof messages.UpdateRequest>,
  signal: AbortSignal,
) {
  const state = requireState(fromStruct(request.getOlds()));
  const properties = plainProperties(fromStruct(request.getNews()));
  const response = new messages.UpdateResponse();
  if (request.getPreview() && hasUnknown(properties)) {
    const unknown = { keys: UNKNOWN, source: UNKNOWN, versions: UNKNOWN, type: UNKNOWN };
    return response.setProperties(toStruct({ ...outputsOf(state), ...unknown }));
  }
  const old = partialInputsOf(plainProperties(fromStruct(request.getOldInputs())));
  const change = { state, old, inputs: inputsOf(properties) };
  const next = await (request.getPreview() ? foreseeUpdate : update)(session, change, signal);
  return response.setProperties(toStruct(outputsOf(next)));
}

async function remove(
  session: SyncSession,
  request: InstanceType<typeof messages.DeleteRequest>,
  signal: AbortSignal,
): Promise<void> {
  const state = requireState(fromStruct(request.getProperties()));
  const { spec } = partialInputsOf(plainProperties(fromStruct(request.getOldInputs())));
  const name = { namespace: state.namespace, name: state.secretName };
  await removeSecret(session, name, state, policyOf(spec), signal);
}

function requireState(properties: Properties): SyncedSecretState {
  const state = stateOfProperties(plainProperties(properties));
  if (state === undefined) throw new Error("the state of this SyncedSecret has no hashKey: import the Secret anew");
  return state;
}

/** The key of the hashes is a secret; nothing else in the state needs to be one. */
function outputsOf(state: SyncedSecretState): Properties {
  return { ...state, hashKey: secret(state.hashKey) };
}
