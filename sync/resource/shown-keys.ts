/** The keys that a Secret will have, as inputs: the engine shows a changed output beside the input of the same name. */
import type { SyncSession } from "../session/session.ts";
import { keepDesired } from "./desired.ts";
import type { SyncedSecretInputs } from "./inputs.ts";

/** Stands for each value: it is not told what it will be. */
const SHOWN = "…";

/**
 * From the spec alone where that names them all. Else, of a resource that is there, the backend is asked, which \`diff\` does next
 * anyway; of a new one it is not: \`create\` asks, many at a time.
 * @throws as \`keepDesired\`.
 */
export async function shownKeys(
  session: SyncSession,
  inputs: SyncedSecretInputs,
  exists: boolean,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const names = namesIn(inputs) ?? (exists ? await namesNow(session, inputs, signal) : []);
  return Object.fromEntries([...names].sort().map((name) => [name, SHOWN]));
}

function namesIn({ spec }: SyncedSecretInputs): readonly string[] | undefined {
  const template = spec.target?.template;
  if (template?.templateFrom !== undefined && template.templateFrom.length > 0) return undefined;
  const rendered = Object.keys(template?.data ?? {});
  if (rendered.length > 0 && template?.mergePolicy !== "Merge") return rendered;
  if (spec.dataFrom !== undefined && spec.dataFrom.length > 0) return undefined;
  return [...rendered, ...(spec.data ?? []).map(({ secretKey }) => secretKey)];
}

async function namesNow(
  session: SyncSession,
  inputs: SyncedSecretInputs,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const desired = await keepDesired(session, inputs, signal);
  return desired.kind === "secret" ? [...desired.secret.data.keys()] : [];
}
