/** How the backend `azurekv` answers the vault's challenges, and keeps its token. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccessDenied } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { WakingClock } from "../contract/waking-clock.ts";
import { type EmulatedAzure, limit, startEmulatedAzure, textOf } from "./azurekv-surroundings.ts";
import { startScriptedServer } from "./scripted-server.ts";

const TOKENS = /oauth2/;

async function withAzure(
  options: Parameters<typeof startEmulatedAzure>[0],
  test: (azure: EmulatedAzure) => Promise<void>,
): Promise<void> {
  const azure = await startEmulatedAzure(options);
  azure.tables.secrets.add("app", { value: "the value" }, {});
  try {
    await test(azure);
  } finally {
    await azure.stop();
  }
}

/** A cloud that only the vault itself knows the resource of. */
function stackOf(azure: EmulatedAzure) {
  return {
    environmentType: "AzureStackCloud",
    customCloudConfig: { activeDirectoryEndpoint: azure.endpoint },
  } as const;
}

describe("the session of an azurekv store", () => {
  it("uses one token for all requests, and another shortly before its end", () =>
    withAzure({}, async (azure) => {
      const clock = new WakingClock();
      const client = await azure.open({}, { clock });
      const read = () => client.getSecret({ key: "app" }, limit());
      await Promise.all([read(), read(), read()]);
      await clock.advance(50 * 60_000);
      await read();
      assert.equal(azure.seen(TOKENS).length, 1);
      await clock.advance(5 * 60_000);
      await read();
      assert.equal(azure.seen(TOKENS).length, 2);
      await client.close();
    }));

  it("learns the resource from the vault's challenge where no field tells it, and writes only then", () =>
    withAzure({}, async (azure) => {
      const client = await azure.open(stackOf(azure));
      await client.pushSecret({ remoteKey: "new" }, new TextEncoder().encode("v"), limit());
      assert.equal(azure.tables.secrets.find("new")?.fields.value, "v");
      assert.equal(textOf(await client.getSecret({ key: "app" }, limit())), "the value");
      assert.equal(azure.seen(TOKENS).length, 1);
    }));

  it("follows a challenge to another resource only where the vault is in its domain", () =>
    withAzure({ resource: "https://vault.example.com" }, async (azure) => {
      const client = await azure.open(stackOf(azure));
      const error = await refusal(AccessDenied, client.getSecret({ key: "app" }, limit()));
      assert.equal(error.details.field, "spec.provider.azurekv.tenantId");
      assert.equal(azure.seen(TOKENS).length, 0);
    }));

  it("takes another token where the vault refuses one that has been good for a while", () =>
    withAzure({}, async (azure) => {
      const clock = new WakingClock();
      const client = await azure.open({}, { clock });
      await client.getSecret({ key: "app" }, limit());
      await clock.advance(60_000);
      const body = { error: { code: "Unauthorized", message: "" } };
      azure.failNext({ status: 401, body, matches: /secrets/ });
      assert.equal(textOf(await client.getSecret({ key: "app" }, limit())), "the value");
      assert.equal(azure.seen(TOKENS).length, 2);
    }));

  it("does not log in again and again where the vault accepts no token at all", () =>
    withAzure({}, async (azure) => {
      const client = await azure.open();
      const body = { error: { code: "Unauthorized", message: "" } };
      azure.failNext({ status: 401, body, matches: /secrets/, count: 9 });
      for (let round = 0; round < 3; round++) await refusal(AccessDenied, client.getSecret({ key: "app" }, limit()));
      await refusal(AccessDenied, client.validate(limit()));
      assert.equal(azure.seen(TOKENS).length, 1);
    }));

  it("shows nothing of a value to a vault that has not yet said for whom its tokens are", async () => {
    const server = await startScriptedServer(() => ({ status: 401, body: { error: { code: "Unauthorized" } } }));
    try {
      await withAzure({}, async (azure) => {
        const client = await azure.open({ ...stackOf(azure), vaultUrl: server.address });
        await refusal(AccessDenied, client.pushSecret({ remoteKey: "new" }, new TextEncoder().encode("v"), limit()));
      });
      assert.ok(server.requests.every(({ body, headers }) => body === "" && headers.authorization === undefined));
    } finally {
      await server.stop();
    }
  });
});
