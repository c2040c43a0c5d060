/** What tests do with the emulated parameters directly. */
import type { SecretPlace } from "./aws-emulator.ts";
import { currentVersion, type ParameterTable, type ParameterType } from "./parameter-table.ts";

/** A parameter as a test sees it. */
export interface ParameterView {
  readonly value: string;
  readonly type: ParameterType;
  readonly version: number;
  readonly tier: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly policies: string | undefined;
}

/** The parameters of an emulator. */
export interface ParameterAccess {
  /** Creates the parameter (default `SecureString`), or gives it a new version; the result is the version. */
  put(
    name: string,
    value: string,
    options?: SecretPlace & { readonly type?: ParameterType; readonly tags?: Readonly<Record<string, string>> },
  ): number;
  /** Undefined where there is none. */
  get(name: string, place?: SecretPlace): ParameterView | undefined;
  /** Whether it was there. */
  remove(name: string, place?: SecretPlace): boolean;
}

/** Access to the tables that `tableOf` gives. */
export function parameterAccess(tableOf: (place?: SecretPlace) => ParameterTable): ParameterAccess {
  return {
    put(name, value, options = {}) {
      const parameter = tableOf(options).addVersion(name, value, options.type ?? "SecureString");
      for (const [key, tag] of Object.entries(options.tags ?? {})) parameter.tags.set(key, tag);
      return currentVersion(parameter).version;
    },
    get(name, place) {
      const parameter = tableOf(place).find(name);
      if (parameter === undefined) return undefined;
      const { value, type, version } = currentVersion(parameter);
      const { tier, keyId, description, policies } = parameter;
      return { value, type, version, tier, keyId, description, policies, tags: Object.fromEntries(parameter.tags) };
    },
    remove: (name, place) => tableOf(place).remove(name),
  };
}
