/** What ESO's admission webhook refuses in a SecretStore or ClusterSecretStore, without any I/O and beside the backend's own check. */
import { RE2JS, RE2JSSyntaxException } from "re2js";
import type { DeepPartial } from "./deep-partial.ts";
import { parseDurationMs } from "./duration.ts";
import type { SecretStoreSpec } from "./secret-store.ts";
import { RESERVED_SESSION_TAGS, SECRET_STORE_TEXTS as TEXTS } from "./secret-store-texts.ts";

type Spec = DeepPartial<SecretStoreSpec>;

/** A store, as far as it is written. */
export type UncheckedSecretStore = { readonly spec?: Spec } | null | undefined;

/**
 * All that is wrong with a store beyond its schema, one line each, in ESO's own words; empty when nothing.
 * Fields of a wrong type are the schema's business, and what the provider's block lacks is the backend's.
 */
export function validateSecretStore(object: UncheckedSecretStore): readonly string[] {
  if (object === null || object === undefined) return [TEXTS.nil];
  const spec = object.spec ?? {};
  return [...regexErrors(spec), ...backendErrors(spec), ...refreshIntervalErrors(spec), ...sessionTagErrors(spec)];
}

function regexErrors(spec: Spec): readonly string[] {
  return (spec.conditions ?? []).flatMap(({ namespaceRegexes = [] }, conditionIndex) =>
    namespaceRegexes.flatMap((regex, regexIndex) => {
      const problem = regexProblem(regex);
      return problem === undefined ? [] : [TEXTS.regex(regexIndex, conditionIndex, problem)];
    }),
  );
}

/** Why a regular expression does not compile, in the words of Go's `regexp`; undefined where it does. */
function regexProblem(regex: string): string | undefined {
  try {
    RE2JS.compile(regex);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.message;
    throw error;
  }
}

function backendErrors(spec: Spec): readonly string[] {
  const count = Object.values(spec.provider ?? {}).filter((block) => block !== undefined).length;
  return count === 1 ? [] : [TEXTS.backendCount(count)];
}

function refreshIntervalErrors({ refreshInterval }: Spec): readonly string[] {
  if (refreshInterval === undefined || refreshInterval === "") return [];
  const ms = typeof refreshInterval === "number" ? refreshInterval * 1_000 : parseDurationMs(refreshInterval);
  if (ms === undefined) return [TEXTS.invalidInterval(String(refreshInterval))];
  return ms < 0 ? [TEXTS.negativeInterval(String(refreshInterval))] : [];
}

function sessionTagErrors(spec: Spec): readonly string[] {
  const tags = spec.provider?.aws?.customSessionTags ?? {};
  return RESERVED_SESSION_TAGS.some((tag) => Object.hasOwn(tags, tag)) ? [TEXTS.reservedSessionTags] : [];
}
