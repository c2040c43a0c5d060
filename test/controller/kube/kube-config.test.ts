import assert from "node:assert/strict";
import { test } from "node:test";
import { stringify } from "yaml";
import { KubeConfigError } from "../../../controller/kube/credentials.ts";
import { type LoadKubeConfigOptions, loadKubeConfig } from "../../../controller/kube/kube-config.ts";
import { FakeClock } from "../../fake-clock.ts";

const { signal } = new AbortController();

/** Files of a machine that exists in the test only. */
function load(files: Record<string, unknown>, options: Partial<LoadKubeConfigOptions> = {}) {
  const readFile = async (path: string) => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error("absent"), { code: "ENOENT" });
    return Buffer.from(typeof content === "string" ? content : stringify(content));
  };
  return loadKubeConfig({ environment: {}, homeFolder: "/home/u", readFile, clock: new FakeClock(), ...options });
}

function kubeconfig(user: object = {}, cluster: object = {}, context: object = {}) {
  return {
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", user: "u", ...context } }],
    clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:6443", ...cluster } }],
    users: [{ name: "u", user }],
  };
}

const HOME = "/home/u/.kube/config";
const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

test("in a pod: address, authority, namespace and the token, which is read anew when it rotates", async () => {
  const files: Record<string, string> = {
    [`${FOLDER}/token`]: "one\n",
    [`${FOLDER}/ca.crt`]: "authority one",
    [`${FOLDER}/namespace`]: "operator",
  };
  const clock = new FakeClock();
  const environment = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
  const config = await load(files, { environment, clock });
  assert.equal(config.server.href, "https://[fd00::1]/");
  assert.equal(config.namespace, "operator");
  const token = async () => (await config.credentials.get(signal)).headers.authorization;
  assert.equal(await token(), "Bearer one");
  files[`${FOLDER}/token`] = "two";
  files[`${FOLDER}/ca.crt`] = "authority two";
  await clock.advance(59_000);
  assert.equal(await token(), "Bearer one");
  await clock.advance(1_000);
  assert.equal(await token(), "Bearer two");
  assert.equal(String(await config.tls.authorities?.()), "authority two");
  files[`${FOLDER}/token`] = "three";
  config.credentials.invalidate({ headers: { authorization: "Bearer two" } });
  assert.equal(await token(), "Bearer three");
  delete files[`${FOLDER}/token`];
  await clock.advance(120_000);
  assert.equal(await token(), "Bearer three", "a file that is being replaced is no failure");
});

test("in a pod without a token the remedy is named", async () => {
  const environment = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
  await assert.rejects(
    load({}, { environment }),
    /serviceaccount\/token .*ENOENT; set automountServiceAccountToken: true/,
  );
});

test("a kubeconfig gives server, authority, namespace and token", async () => {
  const data = Buffer.from("authority").toString("base64");
  const file = kubeconfig(
    { token: "t" },
    { "certificate-authority-data": data, "tls-server-name": "kube" },
    { namespace: "n" },
  );
  const config = await load({ [HOME]: file });
  assert.equal(config.server.href, "https://127.0.0.1:6443/");
  assert.equal(config.namespace, "n");
  assert.equal(config.tls.serverName, "kube");
  assert.equal(String(await config.tls.authorities?.()), "authority");
  assert.equal((await config.credentials.get(signal)).headers.authorization, "Bearer t");
});

test("relative paths belong to the folder of their file; certificates are read anew and kept while equal", async () => {
  const files: Record<string, unknown> = {
    "/etc/k/config": kubeconfig(
      { "client-certificate": "pki/c.crt", "client-key": "pki/c.key" },
      { "certificate-authority": "ca.crt" },
    ),
    "/etc/k/ca.crt": "authority",
    "/etc/k/pki/c.crt": "cert",
    "/etc/k/pki/c.key": "key",
  };
  const clock = new FakeClock();
  const config = await load(files, { kubeconfigPath: "/etc/k/config", clock });
  assert.equal(String(await config.tls.authorities?.()), "authority");
  const first = (await config.credentials.get(signal)).certificate;
  assert.equal(String(first?.cert), "cert");
  await clock.advance(60_000);
  assert.equal((await config.credentials.get(signal)).certificate, first);
  files["/etc/k/pki/c.crt"] = "cert two";
  await clock.advance(60_000);
  assert.equal(String((await config.credentials.get(signal)).certificate?.cert), "cert two");
});

test("the files of KUBECONFIG are merged: the first that names a thing wins, absent ones are passed over", async () => {
  const second = kubeconfig({ token: "second" }, { server: "https://second:6443" });
  const files = {
    "/a": {
      contexts: [{ name: "other", context: { cluster: "k", user: "u" } }],
      users: [{ name: "u", user: { token: "first" } }],
    },
    "/b": second,
  };
  const config = await load(files, { environment: { KUBECONFIG: "/absent:/a:/b" } });
  assert.equal(config.server.hostname, "second");
  assert.equal((await config.credentials.get(signal)).headers.authorization, "Bearer first");
  const other = await load(files, { environment: { KUBECONFIG: "/a:/b" }, context: "other" });
  assert.equal(other.source, 'context "other" in /a');
});

test("a user's name and password, a token file and impersonation become headers", async () => {
  const basic = await load({
    [HOME]: kubeconfig({ username: "u", password: "p", as: "admin", "as-groups": ["g", "h"] }),
  });
  assert.deepEqual((await basic.credentials.get(signal)).headers, {
    authorization: `Basic ${Buffer.from("u:p").toString("base64")}`,
    "impersonate-user": "admin",
    "impersonate-group": ["g", "h"],
  });
  const file = await load({ [HOME]: kubeconfig({ tokenFile: "tok" }), "/home/u/.kube/tok": "from-file\n" });
  assert.equal((await file.credentials.get(signal)).headers.authorization, "Bearer from-file");
});

const wrong: readonly [
  what: string,
  files: Record<string, unknown>,
  options: Partial<LoadKubeConfigOptions>,
  message: RegExp,
][] = [
  ["no file at all", {}, {}, /cannot read the kubeconfig \/home\/u\/\.kube\/config: ENOENT/],
  [
    "none of KUBECONFIG's files",
    {},
    { environment: { KUBECONFIG: "/a:/b" } },
    /no kubeconfig at \/a, \/b; set KUBECONFIG/,
  ],
  ["nowhere to look", {}, { homeFolder: undefined }, /no Kubernetes configuration found/],
  ["no YAML", { [HOME]: "users:\n- name: {token: canary" }, {}, /config is no valid YAML: \S+ at line 2, column \d+$/],
  ["a text", { [HOME]: "just text" }, {}, /its top level must be a mapping/],
  ["an entry without a name", { [HOME]: { users: [{ user: {} }] } }, {}, /users\[0\]\.name is missing/],
  ["no current context", { [HOME]: { contexts: [] } }, {}, /current-context is not set; set it or give --context/],
  ["an unknown context", { [HOME]: kubeconfig() }, { context: "x" }, /there is no context "x"; there are: "c"/],
  [
    "an unknown cluster",
    { [HOME]: { ...kubeconfig(), clusters: [] } },
    {},
    /context "c" in .*: cluster "k" is not defined/,
  ],
  ["an unknown user", { [HOME]: { ...kubeconfig(), users: [] } }, {}, /user "u" is not defined/],
  ["no server", { [HOME]: kubeconfig({}, { server: "" }) }, {}, /cluster "k" in .*: server is missing/],
  [
    "a server of another scheme",
    { [HOME]: kubeconfig({}, { server: "ftp://x" }) },
    {},
    /server must be an https:\/\/ or http:\/\//,
  ],
  ["a proxy", { [HOME]: kubeconfig({}, { "proxy-url": "http://p" }) }, {}, /proxy-url is not supported; remove it/],
  [
    "bad base64",
    { [HOME]: kubeconfig({}, { "certificate-authority-data": "%%" }) },
    {},
    /certificate-authority-data is no base64/,
  ],
  ["a number for a token", { [HOME]: kubeconfig({ token: 5 }) }, {}, /user "u" in .*: token must be a string/],
  ["a certificate without key", { [HOME]: kubeconfig({ "client-certificate": "c" }) }, {}, /client-key is missing/],
  [
    "skipping and authority",
    { [HOME]: kubeconfig({}, { "insecure-skip-tls-verify": true, "certificate-authority": "c" }) },
    {},
    /excludes certificate-authority/,
  ],
  [
    "an old auth provider",
    { [HOME]: kubeconfig({ "auth-provider": { name: "gcp" } }) },
    {},
    /auth-provider is no longer supported/,
  ],
  [
    "exec of an old version",
    { [HOME]: kubeconfig({ exec: { apiVersion: "client.authentication.k8s.io/v1alpha1", command: "x" } }) },
    {},
    /exec of user "u" .*: apiVersion must be one of/,
  ],
];
for (const [what, files, options, message] of wrong) {
  test(`a kubeconfig with ${what} is refused by an error that names the place`, async () => {
    await assert.rejects(load(files, options), (error: Error) => {
      assert.ok(error instanceof KubeConfigError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  });
}
