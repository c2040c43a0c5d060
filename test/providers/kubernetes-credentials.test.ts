/** Tokens of stores of Kubernetes: when they are asked for, and what follows a refusal. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import { requestedToken } from "../../providers/kubernetes/credentials.ts";
import { refusal } from "../contract/refusal.ts";
import { FakeClock } from "../fake-clock.ts";
import {
  limit,
  type ScriptedApiServer,
  secretAnswer,
  startScriptedApiServer,
  statusAnswer,
} from "./kubernetes-surroundings.ts";

const HOUR = 3_600_000;

describe("a requested token", () => {
  it("is shared by concurrent callers and renewed after four fifths of its life", async () => {
    const clock = new FakeClock();
    let issued = 0;
    const request = async () => ({ token: `t${++issued}`, expiresAtMs: clock.now() + HOUR });
    const credentials = requestedToken(request, clock);
    const both = await Promise.all([credentials.current(limit()), credentials.current(limit())]);
    assert.deepEqual(both, ["Bearer t1", "Bearer t1"]);
    await clock.advance(HOUR * 0.79);
    assert.equal(await credentials.current(limit()), "Bearer t1");
    await clock.advance(HOUR * 0.02);
    assert.equal(await credentials.current(limit()), "Bearer t2");
  });

  it("serves until it ends while a renewal fails for a passing reason", async () => {
    const clock = new FakeClock();
    let fails = false;
    const request = async () => {
      if (fails) throw new Transient("not now");
      return { token: "t", expiresAtMs: clock.now() + HOUR };
    };
    const credentials = requestedToken(request, clock);
    await credentials.current(limit());
    fails = true;
    await clock.advance(HOUR * 0.9);
    assert.equal(await credentials.current(limit()), "Bearer t");
    await clock.advance(HOUR * 0.1);
    await refusal(Transient, credentials.current(limit()));
  });

  it("is replaced when it is refused, but not while it is fresh", async () => {
    const clock = new FakeClock();
    let issued = 0;
    const request = async () => ({ token: `t${++issued}`, expiresAtMs: clock.now() + HOUR });
    const credentials = requestedToken(request, clock);
    const first = (await credentials.current(limit())) ?? "";
    assert.equal(await credentials.replace(first, limit()), undefined);
    await clock.advance(60_000);
    assert.equal(await credentials.replace(first, limit()), "Bearer t2");
    assert.equal(await credentials.replace(first, limit()), "Bearer t2");
  });
});

describe("a token in a Secret", () => {
  let server: ScriptedApiServer;
  afterEach(async () => server?.stop());

  it("is read again when it is refused, and only once", async () => {
    const secrets = { "user/token": "c4n4ry-old" };
    server = await startScriptedApiServer(({ headers }) =>
      headers.authorization === "Bearer new" ? secretAnswer("db", {}) : statusAnswer(401, "Unauthorized"),
    );
    const client = await server.open({}, { secrets });
    const error = await refusal(AccessDenied, client.getSecret({ key: "db" }, limit()));
    assert.equal(error.details.field, "spec.provider.kubernetes.auth.token.bearerToken");
    assert.equal(server.requests.length, 1);
    secrets["user/token"] = "new\n";
    await client.getSecret({ key: "db" }, limit());
    assert.equal(server.requests.length, 3);
  });
});
