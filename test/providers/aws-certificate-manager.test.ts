import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { type TestContext, test } from "node:test";
import { AccessDenied, InvalidConfiguration, SecretNotFound, Transient } from "../../providers/errors.ts";
import { ARN, certificateManager, failure, PKCS8, pem, privateKey } from "./aws-certificates.ts";
import { openAws, signal, text } from "./aws-surroundings.ts";
import { type ScriptedAnswer, type ScriptedRequest, startScriptedServer } from "./scripted-server.ts";

async function open(context: TestContext, answer: (request: ScriptedRequest) => ScriptedAnswer) {
  const server = await startScriptedServer(answer);
  const client = await openAws(server.address, { service: "CertificateManager", prefix: "not-for-arns/" });
  context.after(async () => {
    await client.close();
    await server.stop();
  });
  return client;
}

test("a certificate is read by its ARN: certificate, chain and key as PEM, exported once while it is the same", async (context) => {
  const certificate = { leaf: "first" };
  const exports: string[] = [];
  const client = await open(context, certificateManager(certificate, exports));
  const first = text(await client.getSecret({ key: ARN }, signal())) ?? "";
  assert.equal(first, `${pem("first")}${pem("root")}${privateKey.export(PKCS8)}`);
  assert.ok(createPrivateKey(first.slice(first.indexOf("-----BEGIN PRIVATE KEY"))).equals(privateKey));
  assert.equal(text(await client.getSecret({ key: ARN }, signal())), first);
  assert.equal(exports.length, 1);
  certificate.leaf = "renewed";
  assert.match(text(await client.getSecret({ key: ARN }, signal())) ?? "", /renewed/);
  assert.equal(new Set(exports).size, 2, "each with a passphrase of its own");
});

test("the store is ready where AWS accepts its credentials, with no permission to list", async (context) => {
  const client = await open(context, certificateManager({ leaf: "first" }));
  assert.equal(await client.validate(signal()), "Ready");
});

const refusals = [
  ["ResourceNotFoundException", SecretNotFound, /is not in AWS Certificate Manager/],
  ["AccessDeniedException", AccessDenied, /acm:ExportCertificate on "arn:aws:acm/],
  ["ThrottlingException", Transient, /ThrottlingException|Throttling/],
  ["ValidationException", InvalidConfiguration, /enable its export/],
] as const;

for (const [type, kind, expected] of refusals) {
  test(`the answer ${type} to an export is told as ${kind.name}, without its text`, async (context) => {
    const serve = certificateManager({ leaf: "first" });
    const client = await open(context, (request) =>
      String(request.headers["x-amz-target"]).endsWith("ExportCertificate") ? failure(type) : serve(request),
    );
    await assert.rejects(client.getSecret({ key: ARN }, signal()), (error) => {
      assert.ok(error instanceof kind);
      assert.match(error.describe(), expected);
      assert.match(error.describe(), /request-1/);
      assert.doesNotMatch(error.describe(), /c4n4ry/);
      return true;
    });
  });
}

test("what is no ARN, a property and a search are refused before any request", async (context) => {
  const client = await open(context, () => assert.fail("nothing is to be asked"));
  await assert.rejects(client.getSecret({ key: "name" }, signal()), /is no ARN of a certificate/);
  await assert.rejects(client.getSecret({ key: ARN, property: "x" }, signal()), /has no property/);
  await assert.rejects(client.findSecrets({ nameRegexp: "." }, signal()), InvalidConfiguration);
});
