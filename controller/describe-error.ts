/** What may be told of an error: in conditions and events, and in logs. */
import { SyncError } from "../providers/errors.ts";
import { KubeApiError } from "./kube/kube-api-error.ts";

/**
 * One line for people. Of an error that is neither a `SyncError` nor of the API server only the class is told: its message
 * might quote what it worked on.
 */
export function describeError(error: unknown): string {
  if (error instanceof SyncError) return error.describe();
  if (error instanceof KubeApiError) return error.message;
  return `internal error (${error instanceof Error ? error.name : typeof error}); the controller's log shows where`;
}

/** Fields for a log line; where the error is a defect of ours, with the places of its stack and without its message. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof SyncError) return { error: error.describe(), reason: error.reason };
  if (error instanceof KubeApiError) return { error: error.message, reason: error.reason };
  if (!(error instanceof Error)) return { error: typeof error };
  const places = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return { error: error.name, at: places.slice(0, 8).map((line) => line.trim()) };
}
