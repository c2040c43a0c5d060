/** `render` and `template`: what they print, mask and refuse. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runCommand } from "../../cli/command.ts";

const folder = mkdtempSync(join(tmpdir(), "render-"));
after(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function run(...args: string[]) {
  const output: Buffer[] = [];
  let errors = "";
  const code = await runCommand(args, {
    ...{ version: "1.2.3", environment: {}, homeFolder: undefined, identity: "me" },
    signal: new AbortController().signal,
    writeOutput: (text) => void output.push(Buffer.from(text)),
    writeError: (text) => {
      errors += text;
    },
  });
  return { code, output: Buffer.concat(output).toString("latin1"), errors };
}

const STORE = `apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: store}
spec:
  provider:
    fake:
      data:
      - {key: db, value: '{"user":"canary-user","password":"canary-pass"}'}
`;

const EXTERNAL_SECRET = `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db}
spec:
  secretStoreRef: {name: store}
  dataFrom: [{extract: {key: db}}]
  target:
    template:
      metadata:
        labels: {who: "{{ .user }}", team: data}
      data:
        url: "db://{{ .user }}:{{ .password }}@host"
`;

const manifests = fileOf("manifests.yaml", `${STORE}---\n${EXTERNAL_SECRET}`);

test("render reads the stores of the files and masks all values, those in labels, too", async () => {
  const { code, output } = await run("render", "-f", manifests);
  assert.equal(code, 0);
  assert.match(output, /kind: Secret\n/);
  assert.match(output, /url: '\*\*\* \(33 bytes\)'/);
  assert.match(output, /who: '\*\*\* \(11 bytes\)'/);
  assert.match(output, /team: data\n/);
  assert.doesNotMatch(output, /canary|Y2FuYXJ5/);
});

test("render shows values in base64 when asked to, and as text when asked for that", async () => {
  const shown = await run("render", manifests, "--show-values");
  assert.ok(shown.output.includes(`url: ${Buffer.from("db://canary-user:canary-pass@host").toString("base64")}`));
  const asText = await run("render", manifests, "--show-values", "--as-text");
  assert.ok(asText.output.includes("stringData:\n  url: db://canary-user:canary-pass@host\n"));
});

test("render takes remote values from a file in the place of stores", async () => {
  const values = fileOf("values.yaml", "db: {user: u, password: 12345678901234567890}\n");
  const file = fileOf("only-external-secret.yaml", EXTERNAL_SECRET);
  const { output } = await run("render", "-f", file, "--values", values, "--show-values", "--as-text");
  assert.ok(output.includes("url: db://u:12345678901234567890@host\n"));
});

test("render takes another store of the files when told to", async () => {
  const other = STORE.replaceAll("canary-user", "other").replace("kind: SecretStore", "kind: ClusterSecretStore");
  const file = fileOf("other.yaml", other);
  const { output } = await run("render", "-f", manifests, file, "--store", "ClusterSecretStore/store", "--show-values");
  assert.ok(output.includes(Buffer.from("db://other:canary-pass@host").toString("base64")));
});

test("render takes templates from ConfigMaps and Secrets of the files", async () => {
  const file = fileOf(
    "template-from.yaml",
    `${STORE}---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: "{{ .user }}!"}}
- {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {b: "k: {{ .password }}"}}
---
${EXTERNAL_SECRET}      templateFrom:
      - configMap: {name: c, items: [{key: a}]}
      - secret: {name: s, items: [{key: b, templateAs: KeysAndValues}]}
`,
  );
  const { output } = await run("render", "-f", file, "--show-values", "--as-text");
  assert.match(output, /stringData:\n {2}a: canary-user!\n {2}k: canary-pass\n {2}url: /);
});

test("an error of render names the ExternalSecret, the field, the line and the column, and no value", async () => {
  const file = fileOf("bad.yaml", `${STORE}---\n${EXTERNAL_SECRET.replace(".password", ".pasword")}`);
  const { code, errors } = await run("render", "-f", file);
  assert.equal(code, 1);
  assert.match(
    errors,
    /ExternalSecret default\/db: spec\.target\.template\.data: unable to execute template at key url: template: url:1:20: .*<\.pasword>.*password/,
  );
  assert.doesNotMatch(errors, /canary/);
});

test("render says what is wrong with its files", async () => {
  assert.match((await run("render")).errors, /render needs files; name them by -f/);
  assert.match((await run("render", "-f", join(folder, "absent"))).errors, /cannot read .*absent: ENOENT/);
  assert.match((await run("render", "-f", fileOf("empty.yaml", ""))).errors, /no ExternalSecret in the files/);
  const broken = await run("render", "-f", fileOf("broken.yaml", "---\nb: c: d\n"));
  assert.match(broken.errors, /broken\.yaml: the document that begins at line 1 is no YAML/);
  const storeless = await run("render", "-f", fileOf("storeless.yaml", EXTERNAL_SECRET));
  assert.match(
    storeless.errors,
    /SecretStore "store" is not in the files; add its manifest by -f, or give remote values/,
  );
});

test("template renders one file byte for byte", async () => {
  const template = fileOf("t.tpl", Buffer.from([0xff, ...Buffer.from("{{ .a | upper }}")]));
  const values = fileOf("a.yaml", "a: b");
  const { code, output } = await run("template", template, "--values", values);
  assert.equal(code, 0);
  assert.equal(output, "\xffB");
});

test("template shows keys and values when the text is to be read as them", async () => {
  const template = fileOf("kv.tpl", "{{ .a }}: {{ .b | quote }}\nnumber: 1.50");
  const values = fileOf("kv.yaml", "a: key\nb: 'x: y'\n");
  const { output } = await run("template", template, "--values", values, "--template-as", "KeysAndValues");
  assert.equal(output, "key: 'x: y'\nnumber: \"1.5\"\n");
});

test("template tells where it fails, and the nearest key", async () => {
  const template = fileOf("fails.tpl", "x\n{{ .pasword }}");
  const { code, errors } = await run("template", template, "--values", fileOf("p.yaml", "password: canary"));
  assert.equal(code, 1);
  assert.match(errors, /fails\.tpl:2:3: executing .* at <\.pasword>: map has no entry for key "pasword".*password/);
  assert.doesNotMatch(errors, /canary/);
});
