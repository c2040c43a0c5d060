/** What the engine shows of a plan: each key, each input, in the place where it stands. */
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Properties } from "../property-values.ts";
import { changedPaths, pathOf } from "../resource/changed-paths.ts";
import { hasChanges, type Plan } from "../resource/diff.ts";

type DiffResponse = InstanceType<typeof messages.DiffResponse>;
type Kind = keyof typeof messages.PropertyDiff.Kind;

/** Inputs before and after. */
export interface InputsPair {
  readonly old: Properties;
  readonly inputs: Properties;
}

/** The plan as the engine takes it. */
export function diffResponseOf(plan: Plan, { old, inputs }: InputsPair): DiffResponse {
  const response = startOf(hasChanges(plan));
  const { added, changed, removed } = plan.keys;
  for (const [kind, keys] of [
    ["ADD", added],
    ["UPDATE", changed],
    ["DELETE", removed],
  ] as const) {
    for (const key of keys) note(response, pathOf("keys", key), kind, false);
  }
  if (plan.isDeleted) note(response, "keys", "DELETE", false);
  if (plan.clusterDrift.length > 0) note(response, "clusterDrift", "UPDATE", false);
  if (plan.backendDrift.length > 0) note(response, "backendDrift", "UPDATE", false);
  for (const path of plan.inputs) note(response, path, kindOf(path, old, inputs), true);
  for (const path of plan.replaces) note(response, path, "UPDATE_REPLACE", true);
  return response
    .setReplacesList([...plan.replaces])
    .setDeletebeforereplace(plan.replaces.length > 0 && plan.deletesBefore);
}

/** A part of the inputs is not known before the `up`: what differs so far is all that can be told. */
export function unknownDiffResponse(old: Properties, inputs: Properties): DiffResponse {
  const response = startOf(true);
  for (const path of changedPaths(old, inputs)) note(response, path, kindOf(path, old, inputs), true);
  return response;
}

function startOf(changes: boolean): DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse().setChanges(changes ? DIFF_SOME : DIFF_NONE).setHasdetaileddiff(true);
}

function note(response: DiffResponse, path: string, kind: Kind, isInput: boolean): void {
  const diff = new messages.PropertyDiff().setKind(messages.PropertyDiff.Kind[kind]).setInputdiff(isInput);
  response.getDetaileddiffMap().set(path, diff);
  const [root = ""] = path.split(/[.[]/);
  if (!response.getDiffsList().includes(root)) response.addDiffs(root);
}

/** Only inputs at the top can be told to be new or gone: deeper ones are a change of what holds them. */
function kindOf(path: string, old: Properties, inputs: Properties): Kind {
  if (Object.hasOwn(inputs, path) && !Object.hasOwn(old, path)) return "ADD";
  return Object.hasOwn(old, path) && !Object.hasOwn(inputs, path) ? "DELETE" : "UPDATE";
}
