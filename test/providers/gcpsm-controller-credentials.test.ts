/** The backend `gcpsm` with the controller's own credentials. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { AccessDenied, InvalidConfiguration } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { accountOf, PROJECT } from "../ground/gcp/index.ts";
import { limit, textOf, useGoogle } from "./gcpsm-surroundings.ts";

const READ = ["secretmanager.versions.access"];
const google = useGoogle();
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "adc-"));
  google.emulator().put("own", "v");
});
after(() => rm(folder, { recursive: true }));

async function read(environment: Record<string, string>, projectID: string = PROJECT): Promise<string> {
  const client = await google.open({ projectID }, { environment });
  return textOf(client.getSecret({ key: "own" }, limit()));
}

async function readWithFile(content: object, projectID?: string): Promise<string> {
  const file = path.join(folder, "credentials.json");
  await writeFile(file, JSON.stringify(content));
  return read({ GOOGLE_APPLICATION_CREDENTIALS: file }, projectID);
}

describe("the backend gcpsm with the controller's own credentials", () => {
  it("takes the file that the environment names, of each type, and the project in it", async () => {
    const { emulator } = google;
    const key = emulator().accountKey("keyed", READ);
    assert.equal(await readWithFile(key, ""), "v");
    emulator().addRefreshToken("refresh", "user:me@example.com");
    emulator().principals.grant("user:me@example.com", READ);
    const user = { type: "authorized_user", client_id: "c", client_secret: "s", refresh_token: "refresh" };
    assert.equal(await readWithFile(user), "v");
    emulator().principals.createAccount(accountOf("target"), ["user:me@example.com"]);
    emulator().principals.grant(`serviceAccount:${accountOf("target")}`, READ);
    const impersonated = {
      type: "impersonated_service_account",
      source_credentials: user,
      service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${accountOf("target")}:generateAccessToken`,
    };
    assert.equal(await readWithFile(impersonated), "v");
    await refusal(AccessDenied, readWithFile({ ...user, refresh_token: "old-refresh-token" }), ["old-refresh-token"]);
    await refusal(InvalidConfiguration, readWithFile({ type: "gdch_service_account" }));
    const missing = { GOOGLE_APPLICATION_CREDENTIALS: path.join(folder, "none") };
    assert.match((await refusal(InvalidConfiguration, read(missing))).message, /GOOGLE_APPLICATION_CREDENTIALS/);
  });

  it("takes gcloud's own file where the environment names none", async () => {
    google.emulator().addRefreshToken("gcloud", "user:me@example.com");
    google.emulator().principals.grant("user:me@example.com", READ);
    await mkdir(path.join(folder, ".config/gcloud"), { recursive: true });
    const user = { type: "authorized_user", client_id: "c", client_secret: "s", refresh_token: "gcloud" };
    const file = path.join(folder, ".config/gcloud/application_default_credentials.json");
    await writeFile(file, JSON.stringify(user));
    assert.equal(await read({ HOME: folder }), "v");
  });

  it("takes the metadata server's token and project where there is no file", async () => {
    google.emulator().setMachine({ project: PROJECT, account: accountOf("machine") });
    google.emulator().principals.grant(`serviceAccount:${accountOf("machine")}`, READ);
    assert.equal(await read({}, ""), "v");
  });

  it("says that there are none where neither a file nor the metadata server gives any", async () => {
    google.emulator().setMachine({ project: PROJECT });
    const error = await refusal(AccessDenied, read({}));
    assert.match(error.message, /no Google credentials of its own/);
    assert.equal(error.details.field, "spec.provider.gcpsm.auth");
  });
});
