/** Remembers which version of each remote secret was read, so that the state can tell it. */
import type { RemoteRef, SecretsClient } from "../../providers/contract.ts";
import type { SecretMap } from "../../providers/secret-map.ts";
import { versionOf } from "../../providers/value-version.ts";

/** Characters of keys and versions that go into a state: it is to stay small, however much is read. */
const MAX_CHARACTERS = 400;

/** The versions of one reading. */
export class RecordedVersions {
  readonly #versions = new Map<string, string>();

  /** The same client; what the backend says of versions is remembered. */
  noteReadsOf(client: SecretsClient): SecretsClient {
    return {
      ...methodsOf(client),
      getSecret: async (ref, signal) => this.#note(nameOf(ref), await client.getSecret(ref, signal)),
      getSecretMap: async (ref, signal) => this.#note(nameOf(ref), await client.getSecretMap(ref, signal)),
      findSecrets: async (find, signal) => {
        const found = await client.findSecrets(find, signal);
        for (const [key, value] of found) this.#note(key, value);
        return found;
      },
    };
  }

  /** By remote key, sorted; those that do not fit are left out. */
  recorded(): Readonly<Record<string, string>> {
    let left = MAX_CHARACTERS;
    const sorted = [...this.#versions].sort(([a], [b]) => (a < b ? -1 : 1));
    const fitting = sorted.filter(([key, version]) => {
      const length = key.length + version.length;
      if (length > left) return false;
      left -= length;
      return true;
    });
    return Object.fromEntries(fitting);
  }

  #note<T extends Uint8Array | SecretMap>(name: string, value: T): T {
    const version = versionOf(value);
    if (version !== undefined) this.#versions.set(name, version);
    return value;
  }
}

/** All properties of a secret have its version; one that is asked for by its version is another secret. */
function nameOf({ key, version }: RemoteRef): string {
  return version === undefined ? key : `${key}@${version}`;
}

/** A client may be an instance of a class, whose methods a spread does not copy. */
function methodsOf(client: SecretsClient): SecretsClient {
  return {
    getSecret: (ref, signal) => client.getSecret(ref, signal),
    getSecretMap: (ref, signal) => client.getSecretMap(ref, signal),
    findSecrets: (find, signal) => client.findSecrets(find, signal),
    validate: (signal) => client.validate(signal),
    secretExists: (ref, signal) => client.secretExists(ref, signal),
    pushSecret: (ref, value, signal) => client.pushSecret(ref, value, signal),
    deleteSecret: (ref, signal) => client.deleteSecret(ref, signal),
    close: () => client.close(),
  };
}
