import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { EXAMPLE_CREDENTIALS } from "../ground/aws/index.ts";
import { certificateManager, PKCS8, pem, privateKey } from "../providers/aws-certificates.ts";
import { startScriptedServer } from "../providers/scripted-server.ts";
import { EXTERNAL_SECRETS, STORES, startTestController } from "./controller-fixture.ts";

const folder = join(import.meta.dirname, "../../examples/manifests/aws-certificate-manager");

test("the example of Certificate Manager makes a TLS Secret, with the controller's own credentials", async (context) => {
  const server = await startScriptedServer(certificateManager({ leaf: "mine" }));
  context.after(() => server.stop());
  const environment = {
    AWS_ACM_ENDPOINT: server.address,
    AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nonexistent/config",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
  };
  const it = await startTestController(context, { surroundings: { environment } });
  it.put(STORES, parse(await readFile(join(folder, "secret-store.yaml"), "utf8")));
  it.put(EXTERNAL_SECRETS, parse(await readFile(join(folder, "external-secret.yaml"), "utf8")));
  await it.ready("default/my-app-tls", "True");
  assert.deepEqual(it.dataOf("default/my-app-tls"), {
    "tls.crt": `${pem("mine")}${pem("root")}`,
    "tls.key": String(privateKey.export(PKCS8)),
  });
});
