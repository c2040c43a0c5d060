import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { noLiteralSecrets } from "../../../components/policies/no-literal-secrets.ts";
import { projectFolder } from "../../../scripts/run-step.ts";
import { violations } from "./violations.ts";

const CANARY = "canary-hunter2";
/** Made of parts, so that nobody's scanner takes them for real ones. */
const RANDOM = ["q7RkZp2", "LxW9vTb", "4NcYs8D", "mEf"].join("");
const HEX = "0f1e2d3c4b5a6978".repeat(2).split("").reverse().join("");

const template = (data: Record<string, string>, more: object = {}) => ({
  metadata: { name: "app", namespace: "prod" },
  spec: { target: { template: { data, ...more } } },
});

async function reason(name: string, text: string, config: object = {}): Promise<string | undefined> {
  const messages = await violations(noLiteralSecrets(), { props: template({ [name]: text }), config });
  assert.ok(!messages.some((message) => message.includes(CANARY) || message.includes(RANDOM)));
  return /looks like a literal secret: (.*?)\. Put/.exec(messages[0] ?? "")?.[1];
}

test("a literal under a name of a secret is refused, with the object, the field and the remedy, without the value", async () => {
  assert.deepEqual(await violations(noLiteralSecrets(), { props: template({ password: CANARY }) }), [
    'ExternalSecret prod/app (resource "resource"): spec.target.template.data["password"] looks like a literal secret: its name says that it is secret, and it holds no {{ }}. Put the value into the backend, read it by spec.data, and name it here by an action such as {{ .password }}.',
  ]);
});

test("names of secrets are seen in every way of writing", async () => {
  for (const name of [
    "DB_PASSWORD",
    "clientSecret",
    "api-key",
    "token",
    "token.txt",
    "github_token",
    "PRIVATE_KEY",
    "apiKey",
  ]) {
    assert.match((await reason(name, CANARY)) ?? "", /^its name/, name);
  }
  for (const name of [
    "username",
    "tokens-per-minute",
    "secretary",
    "compass",
    "passwordPolicy",
    "public.key",
    "existingSecret",
    "imagePullSecret",
  ]) {
    assert.equal(await reason(name, "hunter"), undefined, name);
  }
});

test("values that come from the backend, switches, durations and paths are no literal secrets", async () => {
  for (const text of [
    "{{ .password }}",
    "Bearer {{ .token }}",
    "{{- .a | b64enc -}}",
    "",
    "true",
    "30s",
    "/etc/app/password",
  ]) {
    assert.equal(await reason("password", text), undefined, text);
  }
});

test("a line of a file is judged by its name, and only its number is told", async () => {
  const file = (value: string) => `server:\n  port: 8080\n  db.password: ${value}\n`;
  assert.equal(await reason("app.yaml", file(CANARY)), "line 3 holds a value whose name says that it is secret");
  assert.equal(await reason("app.yaml", file("{{ .password }}")), undefined);
  for (const variable of [`$${"{DB_PASSWORD}"}`, "$DB_PASSWORD", "$(DB_PASSWORD)"]) {
    assert.equal(await reason("app.yaml", file(variable)), undefined, variable);
  }
  assert.match((await reason("app.yaml", file(`$${"{DB_PASSWORD:hunter2}"}`))) ?? "", /^line 3/);
  assert.match((await reason("app.json", `{ "apiKey": "${CANARY}" }`)) ?? "", /^it holds a value/);
});

test("known formats, passwords in URLs and random texts are refused under any name", async () => {
  const pem = ["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ");
  assert.equal(await reason("file", `a\n${pem}\n`), "line 2 holds a private key");
  assert.equal(await reason("note", ["ghp", "a1".repeat(18)].join("_")), "it holds a GitHub token");
  assert.equal(await reason("dsn", `postgres://app:${CANARY}@db/app`), "it holds a URL with a password");
  assert.equal(await reason("dsn", "postgres://{{ .user }}:{{ .password }}@db/app"), undefined);
  assert.equal(await reason("dsn", "postgres://app@db:5432/app"), undefined);
  assert.equal(await reason("note", RANDOM), "it holds a text that looks random");
  assert.equal(await reason("note", HEX), "it holds a text that looks random");
  assert.equal(await reason("note", RANDOM, { minimumEntropy: 5 }), undefined);
});

test("a literal inside of an action is no way around", async () => {
  assert.equal(await reason("note", `{{ "${RANDOM}" | b64enc }}`), "an action in it quotes a text that looks random");
  assert.equal(await reason("note", '{{ printf "%s:%s" .user .password }}'), undefined);
});

test("names of hosts, images, ids and classes are not random", async () => {
  for (const text of [
    "my-database.cluster-c1a2b3d4e5f6.eu-central-1.rds.amazonaws.com",
    "registry.example.com/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "11111111-2222-3333-4444-5f6a7b8c9d0e",
    "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
    "arn:aws:iam::123456789012:role/my-service-role-EU2",
    "https://login.example.com/oauth2/v2.0/authorize?client=App2Backend3Service",
  ]) {
    assert.equal(await reason("note", text), undefined, text);
  }
});

test("literals, annotations, defaults, cluster-wide ExternalSecrets and pushes are judged in their places", async () => {
  const fields = async (kind: string, spec: object) =>
    (await violations(noLiteralSecrets(), { kind, props: { spec } })).map(
      (message) => /: (\S+) looks/.exec(message)?.[1],
    );
  const secrets = { templateFrom: [{ literal: `password: ${CANARY}` }], metadata: { annotations: { token: CANARY } } };
  assert.deepEqual(await fields("ExternalSecret", { target: { template: secrets } }), [
    "spec.target.template.templateFrom[0].literal",
    'spec.target.template.metadata.annotations["token"]',
  ]);
  const data = [
    { secretKey: "log-level", default: "info", remoteRef: { key: "a" } },
    { secretKey: "password", default: CANARY, remoteRef: { key: "a" } },
  ];
  assert.deepEqual(await fields("ExternalSecret", { data }), ["spec.data[1].default"]);
  const clusterWide = { externalSecretSpec: { target: { template: { data: { token: CANARY } } } } };
  assert.deepEqual(await fields("ClusterExternalSecret", clusterWide), [
    'spec.externalSecretSpec.target.template.data["token"]',
  ]);
  assert.deepEqual(await fields("PushSecret", { template: { data: { token: CANARY } } }), [
    'spec.template.data["token"]',
  ]);
});

test("no example of this project holds a literal secret", async () => {
  let judged = 0;
  for (const file of globSync("examples/manifests/**/*.yaml", { cwd: projectFolder })) {
    for (const document of parseAllDocuments(readFileSync(join(projectFolder, file), "utf8"))) {
      const props: Record<string, unknown> = document.toJS() ?? {};
      const messages = await violations(noLiteralSecrets(), { kind: String(props.kind), props });
      assert.deepEqual(messages, [], file);
      judged += 1;
    }
  }
  assert.ok(judged > 20);
});
