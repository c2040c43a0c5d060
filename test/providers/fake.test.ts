/** What is peculiar to the backend `fake`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FakeProviderSpec } from "../../api/stores/fake.ts";
import { InvalidConfiguration, SecretNotFound } from "../../providers/errors.ts";
import { createFakeBackend } from "../../providers/fake/index.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext } from "../contract/store-context.ts";

const limit = () => AbortSignal.timeout(5_000);
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

function open(spec: Partial<FakeProviderSpec>, backend = createFakeBackend(), name = "store") {
  const context = createStoreContext({ store: { kind: "SecretStore", name, namespace: "team" } });
  return backend.open({ data: [], ...spec }, context, limit());
}

const VERSIONS = [
  { key: "a", value: "plain" },
  { key: "a", value: "one", version: "v1" },
  { key: "b", value: "two", version: "v2" },
  { key: "b", value: "one", version: "v1" },
];

describe("the fake backend", () => {
  it("gives the version that is asked for, and without one only an entry that has none", async () => {
    const client = await open({ data: VERSIONS });
    assert.equal(text(await client.getSecret({ key: "a" }, limit())), "plain");
    assert.equal(text(await client.getSecret({ key: "a", version: "v1" }, limit())), "one");
    await refusal(SecretNotFound, client.getSecret({ key: "a", version: "v2" }, limit()));
    await refusal(SecretNotFound, client.getSecret({ key: "b" }, limit()));
  });

  it("finds the highest version of each name, and by name only", async () => {
    const client = await open({ data: VERSIONS });
    const found = await client.findSecrets({ nameRegexp: "." }, limit());
    assert.deepEqual(
      [...found].map(([key, value]) => [key, text(value)]),
      [
        ["a", "one"],
        ["b", "two"],
      ],
    );
    await refusal(InvalidConfiguration, client.findSecrets({ tags: { a: "b" } }, limit()));
  });

  it("keeps what is pushed for the store of that name, over new openings", async () => {
    const backend = createFakeBackend();
    const first = await open({}, backend);
    await first.pushSecret({ remoteKey: "k" }, new TextEncoder().encode("v"), limit());
    assert.equal(text(await (await open({}, backend)).getSecret({ key: "k" }, limit())), "v");
    await refusal(SecretNotFound, (await open({}, backend, "other")).getSecret({ key: "k" }, limit()));
  });

  it("validates as the store says", async () => {
    assert.equal(await (await open({})).validate(limit()), "Ready");
    assert.equal(await (await open({ validationResult: 1 })).validate(limit()), "Unknown");
    await refusal(InvalidConfiguration, (await open({ validationResult: 2 })).validate(limit()));
  });
});
