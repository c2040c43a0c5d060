/** The backend `gcpsm` with a service account's key. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { WakingClock } from "../contract/waking-clock.ts";
import { accountOf } from "../ground/gcp/index.ts";
import { KEY_AUTH, limit, textOf, useGoogle } from "./gcpsm-surroundings.ts";

const SPEC = { auth: KEY_AUTH };
const google = useGoogle();

function exchanges(): number {
  return google.emulator().requests.filter((line) => line === "POST /token").length;
}

describe("the backend gcpsm with a service account key", () => {
  it("takes the key's project where the store names none", async () => {
    google.emulator().put("of-the-key", "v");
    const key = google.emulator().accountKey("projectless");
    const secrets = { "google/key.json": JSON.stringify(key) };
    const client = await google.open({ ...SPEC, projectID: "" }, { secrets });
    assert.equal(await textOf(client.getSecret({ key: "of-the-key" }, limit())), "v");
    const nameless = { "google/key.json": JSON.stringify({ ...key, project_id: "" }) };
    const other = await google.open({ ...SPEC, projectID: "" }, { secrets: nameless });
    const error = await refusal(InvalidConfiguration, other.getSecret({ key: "of-the-key" }, limit()));
    assert.equal(error.details.field, "spec.provider.gcpsm.projectID");
  });

  it("shares one token among many reads, and renews it before it ends", async () => {
    google.emulator().put("shared", "v");
    const clock = new WakingClock(Date.now());
    const secrets = { "google/key.json": JSON.stringify(google.emulator().accountKey("sharer")) };
    const client = await google.open(SPEC, { secrets, clock });
    const before = exchanges();
    await Promise.all(Array.from({ length: 10 }, () => client.getSecret({ key: "shared" }, limit())));
    assert.equal(exchanges(), before + 1);
    await clock.advance(54 * 60_000);
    await client.getSecret({ key: "shared" }, limit());
    assert.equal(exchanges(), before + 1);
    await clock.advance(2 * 60_000);
    // Google's clock and ours differ by now, so the key's assertion is refused: the old token serves no more.
    await client.getSecret({ key: "shared" }, limit()).catch(() => undefined);
    assert.equal(exchanges(), before + 2);
  });

  it("replaces a token that was revoked, once", async () => {
    google.emulator().put("revoked", "v");
    const clock = new WakingClock(Date.now());
    const secrets = { "google/key.json": JSON.stringify(google.emulator().accountKey("revoked")) };
    const client = await google.open(SPEC, { secrets, clock });
    await client.getSecret({ key: "revoked" }, limit());
    google.emulator().principals.revokeTokens();
    await clock.advance(31_000);
    assert.equal(await textOf(client.getSecret({ key: "revoked" }, limit())), "v");
  });

  it("reads a key that has been replaced in its Secret", async () => {
    google.emulator().put("rotated", "v");
    const secrets: Record<string, string> = { "google/key.json": JSON.stringify(google.emulator().accountKey("old")) };
    const client = await google.open(SPEC, { secrets });
    google.emulator().principals.deleteKeys(accountOf("old"));
    const error = await refusal(AccessDenied, client.getSecret({ key: "rotated" }, limit()));
    assert.match(error.describe(), /secretAccessKeySecretRef \(invalid_grant\); put a valid key of old@/);
    secrets["google/key.json"] = JSON.stringify(google.emulator().accountKey("new"));
    assert.equal(await textOf(client.getSecret({ key: "rotated" }, limit())), "v");
  });

  it("says of a key what is wrong with it, and nothing of what it holds", async () => {
    const key = google.emulator().accountKey("mangled");
    const lines = key.private_key.split("\n").slice(1, -2);
    const cases: readonly (readonly [string, RegExp])[] = [
      [key.private_key, /is no JSON object/],
      [JSON.stringify({ ...key, type: "authorized_user" }), /has not the type "service_account"/],
      [JSON.stringify({ ...key, client_email: "" }), /lacks client_email or private_key/],
      [JSON.stringify({ ...key, private_key: lines.join("") }), /holds no RSA private key in PEM/],
      [JSON.stringify({ ...key, token_uri: "http://127.0.0.1/token" }), /token_uri that is no https URL/],
    ];
    for (const [file, message] of cases) {
      const client = await google.open(SPEC, { secrets: { "google/key.json": file } });
      const error = await refusal(InvalidConfiguration, client.validate(limit()), lines);
      assert.match(error.message, message);
      assert.equal(error.details.field, "spec.provider.gcpsm.auth.secretRef.secretAccessKeySecretRef");
    }
  });

  it("is of unknown validity in a ClusterSecretStore whose Secret is the ExternalSecret's", async () => {
    const store = { kind: "ClusterSecretStore", name: "cluster" } as const;
    const client = await google.open(SPEC, { store, namespace: undefined });
    assert.equal(await client.validate(limit()), "Unknown");
  });

  it("is valid with an account that may read single secrets only", async () => {
    const client = await google.openWithKey({}, ["secretmanager.versions.access"]);
    assert.equal(await client.validate(limit()), "Ready");
  });
});
