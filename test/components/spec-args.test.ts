import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { type Output, output, type Unwrap } from "@pulumi/pulumi";
import ts from "typescript";
import type { ExternalSecretSpec } from "../../api/external-secret.ts";
import type { SecretStoreSpec } from "../../api/secret-store.ts";
import type {
  ExternalSecretDataFromArgs,
  ExternalSecretSpecArgs,
  KubernetesProviderAuthArgs,
  SecretStoreSpecArgs,
} from "../../components/spec-args.generated.ts";

/** Compiles where every `From` may stand for a `To`. */
function fits<From, To>(_convert: (from: From) => To): void {}

test("whatever the schemas admit may be written in a program, and what is written has the schemas' types", () => {
  fits<ExternalSecretSpec["target"], ExternalSecretSpecArgs["target"]>((spec) => spec);
  fits<ExternalSecretSpec["syncWindows"], ExternalSecretSpecArgs["syncWindows"]>((spec) => spec);
  fits<Unwrap<ExternalSecretSpecArgs>, ExternalSecretSpec>((spec) => spec);
  fits<Unwrap<SecretStoreSpecArgs>, SecretStoreSpec>((spec) => spec);
});

test("inputs may be outputs at every depth", () => {
  const name: Output<string> = output("token");
  const spec: SecretStoreSpecArgs = {
    provider: { vault: { server: name, auth: output({ tokenSecretRef: { name } }) } },
  };
  assert.ok(spec.provider);
});

test("two alternatives at once do not compile", () => {
  const fake = { data: [] };
  // @ts-expect-error two providers
  const providers: SecretStoreSpecArgs = { provider: { fake, vault: { server: "https://127.0.0.1" } } };
  // @ts-expect-error no provider
  const none: SecretStoreSpecArgs = { provider: {} };
  // @ts-expect-error a search and a secret
  const sources: ExternalSecretDataFromArgs = { find: { path: "a" }, extract: { key: "b" } };
  // @ts-expect-error nothing to read
  const nothing: ExternalSecretDataFromArgs = { optional: true };
  const [storeRef, generatorRef] = [{ name: "a" }, { kind: "UUID", name: "b" }] as const;
  // @ts-expect-error a store and a generator
  const source: ExternalSecretDataFromArgs = { sourceRef: { storeRef, generatorRef } };
  // @ts-expect-error a token and a service account
  const auth: KubernetesProviderAuthArgs = { token: { bearerToken: {} }, serviceAccount: { name: "a" } };
  assert.ok([providers, none, sources, nothing, source, auth]);
});

const PROGRAM = `import { ExternalSecret, SecretStore } from "../../components/index.ts";
new SecretStore("a", { skipAwait: true, spec: { provider: { vault: { server: "a", version: "v1" } } } });
new ExternalSecret("b", { spec: { refreshPolicy: "OnChange", data: [{ secretKey: "a", remoteRef: { key: "b" } }] } });
`;

test("an editor shows effect, default and range of the options", { timeout: 60_000 }, () => {
  const { shown } = languageService();
  assert.match(shown("skipAwait"), /Does not wait for the controller .* Default: false/s);
  assert.match(shown("vault"), /HashiCorp Vault or OpenBao/);
  assert.match(shown("version"), /version of the KV engine.*Default: v2/is);
  assert.match(shown("refreshPolicy"), /Periodic refreshes each refreshInterval .* Default: Periodic/s);
  assert.match(shown("secretKey"), /Key in the Secret, .*Range: up to 253 characters/s);
  assert.match(shown("key:"), /Name of the secret in the backend/);
});

/** What TypeScript's language service, which editors ask, shows where a word first stands in the program. */
function languageService() {
  const file = join(import.meta.dirname, "shown-program.ts");
  const root = join(import.meta.dirname, "..", "..");
  const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [], files: [] }, ts.sys, root);
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const text = path === file ? PROGRAM : ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => dirname(file),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  };
  const service = ts.createLanguageService(host);
  const shown = (word: string) => {
    const info = service.getQuickInfoAtPosition(file, PROGRAM.indexOf(word));
    return ts.displayPartsToString(info?.documentation);
  };
  return { shown };
}
