/** What was pushed to one fake store. */

/** Values by remote key. Never prints them. */
export interface PushedSecrets {
  get(key: string): Uint8Array | undefined;
  set(key: string, value: Uint8Array): void;
  delete(key: string): void;
  keys(): readonly string[];
}

export function createPushedSecrets(): PushedSecrets {
  const values = new Map<string, Uint8Array>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    delete: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}
