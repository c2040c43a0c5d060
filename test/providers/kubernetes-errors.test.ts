/** Which of the API server's answers means what. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { AccessDenied, InvalidConfiguration, SecretNotFound, Transient } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import {
  type KubeScript,
  limit,
  type ScriptedApiServer,
  secretAnswer,
  startScriptedApiServer,
  statusAnswer,
} from "./kubernetes-surroundings.ts";
import type { ScriptedAnswer } from "./scripted-server.ts";

const NAMESPACE = "/api/v1/namespaces/shared";
let server: ScriptedApiServer | undefined;

afterEach(async () => server?.stop());

async function openWith(script: KubeScript) {
  server = await startScriptedApiServer(script);
  return server.open();
}

/** Answers the Secret with one, and the namespace with the other. */
function answers(secret: ScriptedAnswer | undefined, namespace: ScriptedAnswer): KubeScript {
  return ({ url }) => (url === NAMESPACE ? namespace : secret);
}

const THERE = { body: { kind: "Namespace", metadata: { name: "shared" } } };

describe("an answer of the API server", () => {
  it("proves a Secret absent where it names it and the namespace is there, or may not be seen", async () => {
    for (const namespace of [THERE, statusAnswer(403, "Forbidden", { kind: "namespaces", name: "shared" })]) {
      const client = await openWith(answers(undefined, namespace));
      const error = await refusal(SecretNotFound, client.getSecret({ key: "db" }, limit()));
      assert.equal(error.message, 'secret "db" is not in namespace "shared"');
      assert.equal(await client.secretExists({ remoteKey: "db" }, limit()), false);
      await server?.stop();
    }
  });

  it("does not prove a Secret absent where its namespace is missing", async () => {
    const missing = statusAnswer(404, "NotFound", { kind: "namespaces", name: "shared" });
    const client = await openWith(({ url }) => {
      if (url === NAMESPACE) return missing;
      return url.includes("?") ? { body: { kind: "SecretList", metadata: {}, items: null } } : undefined;
    });
    const error = await refusal(InvalidConfiguration, client.getSecret({ key: "db" }, limit()));
    assert.equal(error.details.field, "spec.provider.kubernetes.remoteNamespace");
    await refusal(InvalidConfiguration, client.secretExists({ remoteKey: "db" }, limit()));
    await refusal(InvalidConfiguration, client.findSecrets({ nameRegexp: "." }, limit()));
  });

  it("does not prove a Secret absent where it names something else, or is no Status", async () => {
    const cases: readonly (readonly [ScriptedAnswer, typeof Transient | typeof InvalidConfiguration])[] = [
      [statusAnswer(404, "NotFound", { kind: "secrets", name: "other" }), InvalidConfiguration],
      [statusAnswer(404, "NotFound", {}), InvalidConfiguration],
      [{ status: 404, body: "404 page not found" }, Transient],
      [{ status: 404, body: { reason: "NotFound", details: { kind: "secrets", name: "db" } } }, Transient],
    ];
    for (const [answer, expected] of cases) {
      const client = await openWith(answers(answer, THERE));
      await refusal<Transient | InvalidConfiguration>(expected, client.getSecret({ key: "db" }, limit()));
      await server?.stop();
    }
  });

  it("that denies names verb, resource, namespace and whom to grant them", async () => {
    const client = await openWith(() => statusAnswer(403, "Forbidden", { kind: "secrets" }));
    const get = await refusal(AccessDenied, client.getSecret({ key: "db" }, limit()));
    const user = "the user of spec.provider.kubernetes.auth.token.bearerToken";
    assert.equal(get.message, `the API server denies ${user} to get secrets "db" in namespace "shared"`);
    assert.equal(get.details.remedy, `grant ${user} the verb "get" on the resource "secrets" in namespace "shared"`);
    const list = await refusal(AccessDenied, client.findSecrets({ tags: {} }, limit()));
    assert.match(list.details.remedy ?? "", /the verb "list" on the resource "secrets"/);
  });

  it("that asks to wait is Transient, with the time of the header or of the Status", async () => {
    const seconds = { retryAfterSeconds: 60 };
    const client = await openWith(answers(statusAnswer(503, "ServiceUnavailable", seconds), THERE));
    const error = await refusal(Transient, client.getSecret({ key: "db" }, limit()));
    assert.equal(error.retryAfterMs, 60_000);
  });

  it("that refuses a write names the fields and nothing of the message", async () => {
    const details = { causes: [{ field: "data[a b]", message: "c4n4ry" }] };
    const client = await openWith(({ method }) =>
      method === "POST" ? statusAnswer(422, "Invalid", details) : undefined,
    );
    const push = client.pushSecret({ remoteKey: "db", property: "a b" }, Buffer.from("c4n4ry"), limit());
    const error = await refusal(InvalidConfiguration, push);
    assert.match(error.message, /refuses to create secrets "db" in namespace "shared" \(HTTP 422\): data\[a b\]$/);
  });

  it("that a write came too late is Transient, and the write is not repeated", async () => {
    const marked = { labels: { "managed-by": "external-secrets" } };
    for (const late of [statusAnswer(409, "Conflict"), undefined]) {
      const client = await openWith(({ method }) => (method === "PUT" ? late : secretAnswer("db", { a: "1" }, marked)));
      await refusal(Transient, client.pushSecret({ remoteKey: "db", property: "a" }, Buffer.from("2"), limit()));
      assert.equal(server?.seen(/^PUT/).length, 1);
      await server?.stop();
    }
  });

  it("is not asked for where the key cannot be the name of a Secret", async () => {
    const client = await openWith(() => undefined);
    for (const key of ["", "..", "a/b", "Upper", "a?b", "x".repeat(254)]) {
      await refusal(InvalidConfiguration, client.getSecret({ key }, limit()));
    }
    assert.equal(server?.requests.length, 0);
  });
});
