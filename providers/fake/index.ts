/** The `fake` backend: values that stand in the store itself, and pushes that live as long as this process. For trials only. */
import type { FakeProviderSpec } from "../../api/stores/fake.ts";
import type { Backend, StoreIdentity } from "../contract.ts";
import { createFakeClient } from "./client.ts";
import { createPushedSecrets, type PushedSecrets } from "./pushed-secrets.ts";

/** A backend with a memory of its own for pushed secrets. */
export function createFakeBackend(): Backend<FakeProviderSpec> {
  const pushed = new Map<string, PushedSecrets>();
  return {
    capabilities: "ReadWrite",
    check,
    async open(spec, { store }, signal) {
      signal.throwIfAborted();
      const memory = pushed.get(keyOf(store)) ?? createPushedSecrets();
      pushed.set(keyOf(store), memory);
      return createFakeClient(spec, memory);
    },
  };
}

/** The one that the table of backends loads: what is pushed to a store stays until the process ends, as with ESO. */
export const fakeBackend = createFakeBackend();

function keyOf({ kind, namespace, name }: StoreIdentity): string {
  return JSON.stringify([kind, namespace ?? "", name]);
}

function check({ data }: FakeProviderSpec): readonly string[] {
  return data.flatMap(({ key, value }, index) => [
    ...(key === "" ? [`spec.provider.fake.data[${index}].key: key must be set in data ${index}; give it a name`] : []),
    ...(value === ""
      ? [`spec.provider.fake.data[${index}].value: at least one value must be set in data ${index}; give it a value`]
      : []),
  ]);
}
