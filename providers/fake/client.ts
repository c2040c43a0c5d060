/** Reads and writes of one fake store. */
import type { FakeProviderSpec } from "../../api/stores/fake.ts";
import type { FindRef, PushRef, RemoteRef, SecretsClient, ValidationResult } from "../contract.ts";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../errors.ts";
import { nameMatcher } from "../name-matcher.ts";
import { withMember, withoutMember } from "../property/edit.ts";
import { jsonToSecretMap, requireProperty, selectProperty } from "../property/index.ts";
import { SecretMap } from "../secret-map.ts";
import { noteVersion } from "../value-version.ts";
import type { PushedSecrets } from "./pushed-secrets.ts";

/** A client over the store's own values and what was pushed to it; the store's own win. */
export function createFakeClient(spec: FakeProviderSpec, pushed: PushedSecrets): SecretsClient {
  const currentValue = (key: string, version = "") =>
    ownValue(spec, key, version) ?? (version === "" ? pushed.get(key) : undefined);
  const getSecret = async (ref: RemoteRef, signal: AbortSignal) => {
    signal.throwIfAborted();
    const value = currentValue(ref.key, ref.version);
    if (value === undefined) throw notFound(ref);
    return ref.property === undefined || ref.property === "" ? value : requireProperty(value, ref.key, ref.property);
  };
  return {
    getSecret,
    getSecretMap: async (ref, signal) => jsonToSecretMap(await getSecret(ref, signal), ref.key),
    async findSecrets(find, signal) {
      signal.throwIfAborted();
      return findByName(find, spec, pushed);
    },
    async validate(signal) {
      signal.throwIfAborted();
      return validate(spec);
    },
    async secretExists(ref, signal) {
      signal.throwIfAborted();
      const value = currentValue(ref.remoteKey);
      if (value === undefined || !ref.property) return value !== undefined;
      return selectProperty(value, ref.property) !== undefined;
    },
    async pushSecret(ref, value, signal) {
      signal.throwIfAborted();
      push(ref, value, spec, pushed);
    },
    async deleteSecret(ref, signal) {
      signal.throwIfAborted();
      deletePushed(ref, pushed);
    },
    async close() {},
  };
}

/** The last of several entries with the same key and version. */
function ownValue({ data }: FakeProviderSpec, key: string, version: string): Uint8Array | undefined {
  const entry = data.findLast((one) => one.key === key && (one.version ?? "") === version);
  return entry && noteVersion(new TextEncoder().encode(entry.value), entry.version);
}

function notFound({ key, version }: RemoteRef): SecretNotFound {
  const subject = version ? `version "${version}" of secret "${key}"` : `secret "${key}"`;
  return new SecretNotFound(`${subject} is not in the fake store`, {
    remoteKey: key,
    remedy: "add it to spec.provider.fake.data",
  });
}

function findByName(find: FindRef, { data }: FakeProviderSpec, pushed: PushedSecrets): SecretMap {
  if (find.nameRegexp === undefined || find.tags !== undefined || find.path !== undefined) {
    throw new InvalidConfiguration("a fake store finds secrets by name only", {
      field: "spec.dataFrom[].find",
      remedy: "give find.name.regexp, and neither find.tags nor find.path",
    });
  }
  const matches = nameMatcher(find.nameRegexp);
  const found = new SecretMap();
  for (const key of pushed.keys()) {
    const value = pushed.get(key);
    if (value !== undefined && matches(key)) found.set(key, value);
  }
  const versions = new Map<string, string>();
  for (const { key, value, version = "" } of data) {
    if (!matches(key) || version < (versions.get(key) ?? "")) continue;
    versions.set(key, version);
    found.set(key, new TextEncoder().encode(value));
  }
  return found;
}

/** 0 Ready, 1 Unknown, 2 Error, as ESO numbers them. */
function validate({ validationResult = 0 }: FakeProviderSpec): ValidationResult {
  if (validationResult === 0) return "Ready";
  if (validationResult === 1) return "Unknown";
  throw new InvalidConfiguration("unable to validate", {
    field: "spec.provider.fake.validationResult",
    remedy: "set it to 0",
  });
}

function push(
  { remoteKey, property }: PushRef,
  value: Uint8Array,
  spec: FakeProviderSpec,
  pushed: PushedSecrets,
): void {
  if (spec.data.some((entry) => entry.key === remoteKey)) {
    throw new AccessDenied(
      `secret "${remoteKey}" stands in the fake store itself and is not overwritten: key already exists`,
      {
        remoteKey,
        remedy: "choose another remoteKey",
      },
    );
  }
  pushed.set(remoteKey, property ? withMember(pushed.get(remoteKey), property, value, remoteKey) : value.slice());
}

function deletePushed({ remoteKey, property }: PushRef, pushed: PushedSecrets): void {
  const value = pushed.get(remoteKey);
  if (value === undefined) return;
  const rest = property ? withoutMember(value, property, remoteKey) : undefined;
  if (rest === undefined) pushed.delete(remoteKey);
  else pushed.set(remoteKey, rest);
}
