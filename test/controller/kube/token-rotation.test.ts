import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenFileCredentials } from "../../../controller/kube/credentials.ts";
import { KubeApiError } from "../../../controller/kube/kube-api-error.ts";
import { FakeClock } from "../../fake-clock.ts";
import { configMapType, startClient } from "./test-parts.ts";

test("a token that was rotated in its file is taken up after the 401, at once", async (context) => {
  const clock = new FakeClock();
  let content = "old";
  const credentials = tokenFileCredentials(clock, async () => Buffer.from(content), "/token", "token");
  const { client, server, signal } = await startClient(context, { clock, credentials, tokens: ["old"] });
  await client.list(configMapType, {}, signal);
  server.acceptTokens(["new"]);
  content = "new";
  await client.list(configMapType, {}, signal);
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.authorization),
    ["Bearer old", "Bearer old", "Bearer new"],
  );
});

test("a token that stays refused is an error after one repetition", async (context) => {
  const clock = new FakeClock();
  const credentials = tokenFileCredentials(clock, async () => Buffer.from("old"), "/token", "token");
  const { client, server, signal } = await startClient(context, { clock, credentials, tokens: ["new"] });
  await assert.rejects(
    client.list(configMapType, {}, signal),
    (error) => error instanceof KubeApiError && error.status === 401,
  );
  assert.equal(server.requests.length, 2);
});

test("a token file that cannot be read is an error that names it", async (context) => {
  const clock = new FakeClock();
  const readFile = async () => {
    throw Object.assign(new Error("no"), { code: "EACCES" });
  };
  const credentials = tokenFileCredentials(clock, readFile, "/run/token", "tokenFile");
  const { client, signal } = await startClient(context, { clock, credentials });
  await assert.rejects(
    client.list(configMapType, {}, signal),
    /\(CREDENTIALS\): cannot read \/run\/token \(tokenFile\): EACCES/,
  );
});
