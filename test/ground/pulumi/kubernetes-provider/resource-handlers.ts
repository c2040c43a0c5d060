/** The engine's calls about one resource: check, diff, create, read, update, delete. */
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty, Struct } from "../engine-protocol.ts";
import { createObject, managerByAnnotation, newFieldManager, previewObject, updateObject } from "./apply-object.ts";
import { lacks, NotReadyError } from "./await-readiness.ts";
import { checkInputs } from "./check.ts";
import { fromCheckpoint, toCheckpoint } from "./checkpoint.ts";
import { referenceTo } from "./cluster.ts";
import { deleteObject, relinquishFields } from "./delete-object.ts";
import { diffInputs } from "./diff.ts";
import { initFailed } from "./init-failed.ts";
import { idOf, isPatchResource, kindFromType, parseId, typeFromUrn } from "./object-identity.ts";
import { objectFromInputs } from "./object-inputs.ts";
import { markSecrets, type Properties, stringAt } from "./property-values.ts";
import type { ProviderContext } from "./provider-options.ts";
import { readObject } from "./read-object.ts";

/** The map that a message carries; empty when it carries none. */
export function propertiesOf(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

export async function check(context: ProviderContext, request: InstanceType<typeof provider.CheckRequest>) {
  const inputs = await checkInputs(context, {
    urn: request.getUrn(),
    olds: propertiesOf(request.getOlds()),
    news: propertiesOf(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    proposedName: request.getAutonaming()?.getProposedName() ?? "",
  });
  return new provider.CheckResponse().setInputs(Struct.fromJavaScript(inputs));
}

export async function diff(context: ProviderContext, request: InstanceType<typeof provider.DiffRequest>) {
  const oldInputs = request.hasOldInputs()
    ? propertiesOf(request.getOldInputs())
    : fromCheckpoint(propertiesOf(request.getOlds())).inputs;
  const news = propertiesOf(request.getNews());
  const isPatch = isPatchResource(request.getUrn(), news);
  const found = await diffInputs(context, oldInputs, news, request.getIgnorechangesList(), isPatch);
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse();
  response.setChanges(found.changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setReplacesList(found.changes.filter(({ replace }) => replace).map(({ path }) => path));
  response.setDeletebeforereplace(found.deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = provider.PropertyDiff.Kind;
  const kinds = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
  } as const;
  for (const { path, kind, replace } of found.changes) {
    const detail = new provider.PropertyDiff().setKind(kinds[kind][replace ? 1 : 0]).setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

export async function create(context: ProviderContext, request: InstanceType<typeof provider.CreateRequest>) {
  const inputs = propertiesOf(request.getProperties());
  const fieldManager = newFieldManager(inputs);
  if (request.getPreview()) {
    const isPatch = isPatchResource(request.getUrn(), inputs);
    const previewed = isPatch ? undefined : await previewObject(context, inputs, fieldManager, true);
    const outputs = previewed === undefined ? inputs : toCheckpoint(previewed, inputs, fieldManager);
    return new provider.CreateResponse().setProperties(Struct.fromJavaScript(outputs));
  }
  const apply = { urn: request.getUrn(), inputs, timeoutSeconds: request.getTimeout() };
  const live = await orInitFailed(createObject(context, apply, fieldManager), inputs, fieldManager);
  const outputs = Struct.fromJavaScript(toCheckpoint(live, inputs, fieldManager));
  return new provider.CreateResponse().setId(idOf(live)).setProperties(outputs);
}

export async function update(context: ProviderContext, request: InstanceType<typeof provider.UpdateRequest>) {
  const inputs = propertiesOf(request.getNews());
  const old = fromCheckpoint(propertiesOf(request.getOlds()));
  const fieldManager = managerByAnnotation(inputs) || old.fieldManager || newFieldManager(inputs);
  if (request.getPreview()) {
    const previewed = await previewObject(context, inputs, fieldManager, false);
    const outputs = previewed === undefined ? inputs : toCheckpoint(previewed, inputs, fieldManager);
    return new provider.UpdateResponse().setProperties(Struct.fromJavaScript(outputs));
  }
  const apply = { urn: request.getUrn(), inputs, timeoutSeconds: request.getTimeout() };
  const live = await orInitFailed(updateObject(context, apply, fieldManager), inputs, fieldManager);
  return new provider.UpdateResponse().setProperties(Struct.fromJavaScript(toCheckpoint(live, inputs, fieldManager)));
}

async function orInitFailed(
  applied: Promise<Properties>,
  inputs: Properties,
  fieldManager: string,
): Promise<Properties> {
  try {
    return await applied;
  } catch (error) {
    if (!(error instanceof NotReadyError)) throw error;
    const message = `the object is in the cluster, but did not become ready: ${error.message}`;
    const outputs = toCheckpoint(error.live, inputs, fieldManager);
    throw initFailed({ id: idOf(error.live), outputs, message, reasons: error.reasons });
  }
}

export async function read(context: ProviderContext, request: InstanceType<typeof provider.ReadRequest>) {
  const marked = propertiesOf(request.getInputs());
  const old = fromCheckpoint(propertiesOf(request.getProperties()));
  const known = stringAt(old.live, "kind") !== "" ? old.live : objectFromInputs(marked);
  const { apiVersion, kind } =
    stringAt(known, "kind") !== "" ? referenceTo(known) : kindFromType(typeFromUrn(request.getUrn()));
  const reference = { apiVersion, kind, ...parseId(request.getId()) };
  const fieldManager = managerByAnnotation(marked) || old.fieldManager || newFieldManager(marked);
  const seen = await readObject(context.cluster, reference, marked, fieldManager);
  if (seen === undefined) return new provider.ReadResponse();
  const inputs = markSecrets(seen.inputs, marked);
  const outputs = toCheckpoint(seen.live, inputs, fieldManager);
  const reasons = await lacks(context.cluster, seen.live, objectFromInputs(seen.inputs));
  if (reasons.length > 0) {
    const message = `"${reference.name}" is not ready`;
    throw initFailed({ id: request.getId(), outputs, inputs, message, reasons });
  }
  const response = new provider.ReadResponse().setId(request.getId());
  return response.setProperties(Struct.fromJavaScript(outputs)).setInputs(Struct.fromJavaScript(inputs));
}

export async function remove(context: ProviderContext, request: InstanceType<typeof provider.DeleteRequest>) {
  const { live, inputs, fieldManager } = fromCheckpoint(propertiesOf(request.getProperties()));
  const reference = { ...referenceTo(live), ...parseId(request.getId()) };
  if (isPatchResource(request.getUrn(), objectFromInputs(inputs))) {
    await relinquishFields(context, reference, fieldManager);
    return new Empty();
  }
  await deleteObject(context, request.getUrn(), reference, objectFromInputs(inputs), request.getTimeout());
  return new Empty();
}
