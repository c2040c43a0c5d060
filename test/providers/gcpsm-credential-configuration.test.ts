/** The backend `gcpsm` with a credential configuration of an external account. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { EXAMPLE_CREDENTIALS } from "../ground/aws/index.ts";
import { accountOf } from "../ground/gcp/index.ts";
import { AUDIENCE, AWS_AUDIENCE, type Federation, MEMBER, READ, usePool } from "./gcpsm-pool.ts";
import { startScriptedServer } from "./scripted-server.ts";

const IMPERSONATION = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts";

const pool = usePool();
const { read, token } = pool;
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "federation-"));
});
after(() => rm(folder, { recursive: true }));

function configuration(credential_source: object, changes: object = {}) {
  return {
    type: "external_account",
    audience: AUDIENCE,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: "https://sts.googleapis.com/v1/token",
    credential_source,
    ...changes,
  };
}

describe("the backend gcpsm with a credential configuration", () => {
  const credConfig = { name: "google", key: "config.json" };
  const readWith = (config: object, spec: Federation = {}) =>
    read({ credConfig, ...spec }, { configMaps: { "google/config.json": JSON.stringify(config) } });

  it("takes the subject token from a file, as text or out of JSON, and impersonates", async () => {
    const file = path.join(folder, "token");
    await writeFile(file, `${token()}\n`);
    assert.equal(await readWith(configuration({ file })), "v");
    await writeFile(file, JSON.stringify({ id: { token: 1 }, access: token() }));
    const format = { type: "json", subject_token_field_name: "access" };
    assert.equal(await readWith(configuration({ file, format })), "v");
    pool.emulator().principals.createAccount(accountOf("configured"), [MEMBER]);
    pool.emulator().principals.grant(`serviceAccount:${accountOf("configured")}`, READ);
    const service_account_impersonation_url = `${IMPERSONATION}/${accountOf("configured")}:generateAccessToken`;
    assert.equal(await readWith(configuration({ file, format }, { service_account_impersonation_url })), "v");
  });

  it("takes it from the URL that the store permits, with the headers of the file", async (context) => {
    const server = await startScriptedServer(({ headers, url }) =>
      headers["x-key"] === "k" && url === "/token?a=b" ? { body: token() } : { status: 404 },
    );
    context.after(() => server.stop());
    const url = `${server.address}/token?a=b`;
    const config = configuration({ url, headers: { "x-key": "k" } });
    assert.equal(await readWith(config, { externalTokenEndpoint: url }), "v");
    const error = await refusal(InvalidConfiguration, readWith(config));
    assert.match(error.message, /externalTokenEndpoint/);
  });

  it("reads as the machine's role, where the source is AWS", async (context) => {
    const imds = await startScriptedServer(({ method, url, headers }) => {
      if (method === "PUT") return { body: "session" };
      if (headers["x-aws-ec2-metadata-token"] !== "session") return { status: 401 };
      if (url.endsWith("/availability-zone")) return { body: "eu-central-1a" };
      if (url.endsWith("/security-credentials")) return { body: "role" };
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = EXAMPLE_CREDENTIALS;
      return { body: { AccessKeyId, SecretAccessKey } };
    });
    context.after(() => imds.stop());
    const meta = "http://169.254.169.254/latest";
    const source = {
      environment_id: "aws1",
      region_url: `${meta}/meta-data/placement/availability-zone`,
      url: `${meta}/meta-data/iam/security-credentials`,
      imdsv2_session_token_url: `${meta}/api/token`,
    };
    const type = "urn:ietf:params:aws:token-type:aws4_request";
    const config = { ...configuration(source), audience: AWS_AUDIENCE, subject_token_type: type };
    const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.address };
    const spec = { credConfig: { name: "google", key: "config.json" } };
    assert.equal(await read(spec, { configMaps: { "google/config.json": JSON.stringify(config) }, environment }), "v");
  });

  it("is refused where it leads elsewhere, runs a program, or reads the controller's own token", async () => {
    const own = path.join(folder, "run/secrets/kubernetes.io/serviceaccount");
    await mkdir(own, { recursive: true });
    const other = path.join(folder, "run/secrets/eks.amazonaws.com/token");
    await mkdir(path.dirname(other), { recursive: true });
    for (const file of [path.join(own, "token"), other]) await writeFile(file, token());
    await symlink(own, path.join(folder, "link"));
    const file = path.join(folder, "token");
    const imds = "http://169.254.169.254/latest/meta-data/iam/security-credentials";
    const cases: readonly (readonly [object, RegExp])[] = [
      [configuration({ file: path.join(own, "token") }), /controller's own token/],
      [configuration({ file: path.join(own, "../serviceaccount/token") }), /controller's own token/],
      [configuration({ file: path.join(folder, "link/token") }), /controller's own token/],
      [configuration({ file: other }), /controller's own token/],
      [configuration({ executable: { command: "/bin/true" } }), /executable is not allowed/],
      [configuration({}), /neither file, url nor environment_id/],
      [configuration({ file: path.join(folder, "none") }), /cannot be read/],
      [
        configuration({ environment_id: "aws1", url: imds.replace("169.254.169.254", "127.0.0.1") }),
        /instance metadata/,
      ],
      [configuration({ file }, { type: "service_account" }), /type is not/],
      [configuration({ file }, { token_url: "https://sts.example.com/v1/token" }), /token_url/],
      [configuration({ file }, { token_url: "https://sts.googleapis.com.example.com/v1/token" }), /token_url/],
      [
        configuration({ file }, { token_url: "https://sts.example.com/v1/token", universe_domain: "example.com" }),
        /token_url is not https:\/\/sts\.googleapis\.com/,
      ],
      [
        configuration({ file }, { service_account_impersonation_url: `https://example.com/${accountOf("x")}` }),
        /service_account_impersonation_url/,
      ],
    ];
    for (const [config, message] of cases) {
      const error = await refusal(InvalidConfiguration, readWith(config));
      assert.match(error.message, message);
      assert.equal(error.details.field, "spec.provider.gcpsm.auth.workloadIdentityFederation.credConfig");
    }
  });
});
