/** The table of backends. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { bindBackend, openBackend, providerNameOf, providers } from "../../providers/index.ts";
import { createStoreContext } from "../contract/store-context.ts";

describe("the table of backends", () => {
  it("loads each backend", async () => {
    for (const name of Object.keys(providers) as (keyof typeof providers)[]) {
      assert.equal((await openBackend(name)).capabilities, "ReadWrite");
    }
  });

  it("names the backend of a store", () => {
    assert.equal(providerNameOf({ fake: { data: [] } }), "fake");
  });

  it("refuses none, several, and those without a backend, each with a remedy", () => {
    const cases: readonly (readonly [Parameters<typeof providerNameOf>[0], RegExp])[] = [
      [{}, /exactly one backend, found none/],
      [{ fake: { data: [] }, vault: { server: "http://x" } }, /found fake, vault/],
      [{ nonsense: {} } as never, /nonsense is no known provider/],
    ];
    for (const [provider, message] of cases) {
      assert.throws(
        () => providerNameOf(provider),
        (error: unknown) => {
          assert.ok(error instanceof InvalidConfiguration);
          assert.match(error.message, message);
          assert.ok(error.details.remedy !== undefined);
          return true;
        },
      );
    }
  });

  it("binds a store's block to its backend", async () => {
    const bound = await bindBackend({
      fake: {
        data: [
          { key: "", value: "v" },
          { key: "a", value: "1" },
        ],
      },
    });
    const context = createStoreContext();
    assert.equal(bound.name, "fake");
    assert.match(bound.check(context.store).join(), /data\[0\]\.key/);
    const client = await bound.open(context, AbortSignal.timeout(5_000));
    const value = await client.getSecret({ key: "a" }, AbortSignal.timeout(5_000));
    assert.equal(new TextDecoder().decode(value), "1");
  });
});
