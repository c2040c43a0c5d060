/** Kubeconfigs out of Secrets: what is taken from them, and what is refused. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { readKubeconfig } from "../../providers/kubernetes/kubeconfig.ts";
import { refusal } from "../contract/refusal.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function kubeconfig(cluster: object, user: object): string {
  return JSON.stringify({
    "current-context": "main",
    contexts: [{ name: "main", context: { cluster: "c", user: "u" } }],
    clusters: [
      { name: "other", cluster: { server: "https://other" } },
      { name: "c", cluster: { server: "https://api:6443", ...cluster } },
    ],
    users: [{ name: "u", user }],
  });
}

describe("a kubeconfig in a Secret", () => {
  it("gives server, authority and token of its current context", async () => {
    const cluster = { "certificate-authority-data": base64("CA"), "tls-server-name": "api", "proxy-url": "http://p" };
    assert.deepEqual(await readKubeconfig(kubeconfig(cluster, { token: "t\n" })), {
      server: "https://api:6443",
      ca: "CA",
      serverName: "api",
      proxyUrl: "http://p",
      authorization: "Bearer t",
    });
  });

  it("gives a client certificate, or user name and password", async () => {
    const pair = { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") };
    const { clientCertificate } = await readKubeconfig(kubeconfig({}, pair));
    assert.deepEqual(clientCertificate, { cert: "CERT", key: "KEY" });
    const { authorization } = await readKubeconfig(kubeconfig({}, { username: "u", password: "p" }));
    assert.equal(authorization, `Basic ${base64("u:p")}`);
  });

  const refused: readonly (readonly [what: string, text: string, RegExp])[] = [
    ["a program", kubeconfig({}, { exec: { command: "c4n4ry" } }), /sets exec of the user/],
    ["a file of the controller's", kubeconfig({}, { tokenFile: "/c4n4ry" }), /sets tokenFile of the user/],
    [
      "a file of an authority",
      kubeconfig({ "certificate-authority": "/c4n4ry" }, { token: "c4n4ry" }),
      /certificate-authority/,
    ],
    ["unchecked certificates", kubeconfig({ "insecure-skip-tls-verify": true }, { token: "c4n4ry" }), /insecure-skip/],
    ["impersonation", kubeconfig({}, { token: "c4n4ry", as: "root" }), /sets as of the user/],
    ["no credentials", kubeconfig({}, {}), /has no credentials/],
    ["half a certificate", kubeconfig({}, { "client-key-data": base64("c4n4ry") }), /half a client certificate/],
    ["broken YAML", "a: [c4n4ry", /holds no kubeconfig/],
    ["a mere text", "c4n4ry", /holds no kubeconfig/],
    ["no current context", "{}", /has no current-context/],
    [
      "an unknown context",
      '{"current-context": "c4n4ry", "contexts": []}',
      /names a context that is not in its contexts/,
    ],
  ];
  for (const [what, text, message] of refused) {
    it(`is refused for ${what}, without showing it`, async () => {
      const error = await refusal(InvalidConfiguration, readKubeconfig(text));
      assert.match(error.message, message);
      assert.ok(error.details.remedy);
    });
  }
});
