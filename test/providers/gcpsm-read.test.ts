/** The backend `gcpsm`: what is read, and what Google's refusals mean. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  AccessDenied,
  InvalidConfiguration,
  PropertyNotFound,
  SecretNotFound,
  type SyncError,
  Transient,
} from "../../providers/errors.ts";
import { crc32c } from "../../providers/gcpsm/crc32c.ts";
import { failure, refusal } from "../contract/refusal.ts";
import { KEY_AUTH, limit, textOf, useGoogle } from "./gcpsm-surroundings.ts";
import { type ScriptedAnswer, startScriptedServer } from "./scripted-server.ts";

const google = useGoogle();

describe("the backend gcpsm reads", () => {
  it("an alias of a version", async () => {
    google.emulator().put("aliased", "one", { versionAliases: { stable: 1 } });
    google.emulator().put("aliased", "two");
    const client = await google.openWithKey();
    assert.equal(await textOf(client.getSecret({ key: "aliased", version: "stable" }, limit())), "one");
  });

  it("no version in place of a latest one that is disabled, unless the store asks for it", async () => {
    for (const value of ["one", "two", "three"]) google.emulator().put("disabled", value);
    google.emulator().setState("disabled", "3", "DISABLED");
    google.emulator().setState("disabled", "2", "DESTROYED");
    const strict = await google.openWithKey();
    const error = await refusal(InvalidConfiguration, strict.getSecret({ key: "disabled" }, limit()));
    assert.match(error.describe(), /secretVersionSelectionPolicy to LatestOrFetch/);
    const lenient = await google.openWithKey({ secretVersionSelectionPolicy: "LatestOrFetch" });
    assert.equal(await textOf(lenient.getSecret({ key: "disabled" }, limit())), "one");
    await refusal(InvalidConfiguration, lenient.getSecret({ key: "disabled", version: "3" }, limit()));
    google.emulator().setState("disabled", "1", "DISABLED");
    await refusal(InvalidConfiguration, lenient.getSecret({ key: "disabled" }, limit()));
  });

  it("labels and annotations as JSON, each kind alone, and single ones", async () => {
    const labels = { team: "blue", env: "dev" };
    google.emulator().put("described", "v", { labels, annotations: { "a.b/c": "<x>" } });
    google.emulator().put("bare", "v");
    const client = await google.openWithKey();
    const read = (key: string, property?: string) =>
      textOf(
        client.getSecret({ key, metadataPolicy: "Fetch", ...(property === undefined ? {} : { property }) }, limit()),
      );
    assert.equal(
      await read("described"),
      '{"annotations":{"a.b/c":"\\u003cx\\u003e"},"labels":{"env":"dev","team":"blue"}}',
    );
    assert.equal(await read("described", "labels"), '{"env":"dev","team":"blue"}');
    assert.equal(await read("described", "annotations.a.b/c"), "<x>");
    assert.equal(await read("bare"), '{"annotations":null,"labels":null}');
    await refusal(PropertyNotFound, read("described", "labels.none"));
    await refusal(InvalidConfiguration, read("described", "team"));
  });

  it("an empty value, also one that was pushed", async () => {
    google.emulator().put("empty", "");
    const client = await google.openWithKey();
    assert.equal((await client.getSecret({ key: "empty" }, limit())).length, 0);
    await client.pushSecret({ remoteKey: "pushed" }, new Uint8Array(), limit());
    assert.equal((await client.getSecret({ key: "pushed" }, limit())).length, 0);
  });

  it("only what a path and labels leave, and no key that cannot be a secret's", async () => {
    for (const name of ["app-a", "app-b", "other-app-c"])
      google.emulator().put(name, name, { labels: { found: "yes" } });
    const client = await google.openWithKey();
    const find = async (search: Parameters<typeof client.findSecrets>[0]) =>
      [...(await client.findSecrets(search, limit())).keys()].sort();
    assert.deepEqual(await find({ path: "app-", tags: { found: "yes" } }), ["app-a", "app-b"]);
    assert.deepEqual(await find({ nameRegexp: "^app", tags: { found: "yes" } }), ["app-a", "app-b"]);
    assert.deepEqual(await find({ tags: { found: "yes OR name:x" } }), []);
    await refusal(InvalidConfiguration, find({}));
    await refusal(InvalidConfiguration, client.getSecret({ key: "../other" }, limit()));
    await refusal(InvalidConfiguration, client.getSecret({ key: "app-a", version: "1:destroy" }, limit()));
  });
});

describe("the backend gcpsm says", () => {
  it("which permission is missing on which secret", async () => {
    google.emulator().put("guarded", "v");
    const client = await google.openWithKey({}, ["secretmanager.secrets.list"]);
    const error = await refusal(AccessDenied, client.getSecret({ key: "guarded" }, limit()));
    assert.match(
      error.describe(),
      /grant secretmanager\.versions\.access on projects\/demo-project\/secrets\/guarded \(roles\/secretmanager\.secretAccessor\)/,
    );
    const found = await refusal(AccessDenied, client.findSecrets({ nameRegexp: "guarded" }, limit()));
    assert.equal(found.details.remoteKey, "guarded");
  });

  it("of a project that is not there that it is denied, and never that a secret is absent", async () => {
    const client = await google.openWithKey({ projectID: "no-such-project" });
    const error = await refusal(AccessDenied, client.getSecret({ key: "x" }, limit()));
    assert.equal(error.details.field, "spec.provider.gcpsm.projectID");
    await refusal(AccessDenied, client.validate(limit()));
  });

  it("what other answers mean, whatever their texts hold", async () => {
    const info = (reason: string) => [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason }];
    const secret = "Secret [projects/1/secrets/x] c4n4ry not found.";
    const error = (code: number, status: string, message = "c4n4ry", details: unknown[] = []) => ({
      status: code,
      body: { error: { code, status, message, details } },
    });
    type Kind = abstract new (...args: never[]) => SyncError;
    const cases: readonly (readonly [ScriptedAnswer, Kind])[] = [
      [error(404, "NOT_FOUND", secret), SecretNotFound],
      [error(404, "NOT_FOUND", "Project [projects/1] not found"), InvalidConfiguration],
      [error(404, "NOT_FOUND", secret, info("LOCATION_UNKNOWN")), InvalidConfiguration],
      [error(403, "PERMISSION_DENIED", "c4n4ry", info("SERVICE_DISABLED")), AccessDenied],
      [error(401, "UNAUTHENTICATED"), AccessDenied],
      [error(400, "INVALID_ARGUMENT"), InvalidConfiguration],
      [error(400, "FAILED_PRECONDITION"), InvalidConfiguration],
      [error(409, "ABORTED"), Transient],
      [error(429, "RESOURCE_EXHAUSTED"), Transient],
      [{ status: 404, body: "c4n4ry" }, Transient],
      [{ status: 403, body: "c4n4ry" }, AccessDenied],
      [{ body: { payload: { data: "YzRuNHJ5", dataCrc32c: "1" } } }, Transient],
      [{ body: { name: "projects/1" } }, Transient],
    ];
    for (const [answer, kind] of cases) {
      await refusal(kind, readFrom(answer));
    }
  });

  it("how long Google asks to wait, by header or by detail", async () => {
    const detail = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "30.5s" }];
    const body = { error: { code: 429, status: "RESOURCE_EXHAUSTED", details: detail } };
    const byDetail = await refusal(Transient, readFrom({ status: 429, body }));
    assert.equal(byDetail.retryAfterMs, 30_500);
    const byHeader = await refusal(Transient, readFrom({ status: 429, headers: { "retry-after": "60" }, body }));
    assert.equal(byHeader.retryAfterMs, 60_000);
  });

  async function readFrom(answer: ScriptedAnswer): Promise<Uint8Array> {
    const server = await startScriptedServer(({ url }) =>
      url === "/token" ? { body: { access_token: "t", expires_in: 3600 } } : answer,
    );
    try {
      const client = await google.open(
        { auth: KEY_AUTH },
        {
          secrets: google.keySecret(),
          environment: {
            CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: server.address,
            CLOUDSDK_AUTH_TOKEN_HOST: `${server.address}/token`,
          },
        },
      );
      return await client.getSecret({ key: "x" }, limit());
    } finally {
      await server.stop();
    }
  }

  it("that a garbled token is a failure", async (context) => {
    const server = await startScriptedServer(() => ({ body: "<html>" }));
    context.after(() => server.stop());
    const environment = { CLOUDSDK_AUTH_TOKEN_HOST: `${server.address}/token` };
    const client = await google.open({ auth: KEY_AUTH }, { secrets: google.keySecret(), environment });
    await failure(client.getSecret({ key: "x" }, limit()));
  });
});

describe("the checksum of Secret Manager", () => {
  it("is that of RFC 3720", () => {
    assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.equal(crc32c(new Uint8Array()), 0);
  });
});
