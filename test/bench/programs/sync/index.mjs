/** The same Secrets in one of three forms: SyncedSecret by the executable or the dynamic provider, or plain Secrets that the program fills. */
import { Config, secret } from "@pulumi/pulumi";

const config = new Config();
const form = config.require("form");
const count = config.requireNumber("count");
const namespace = config.require("namespace");
const keyOf = (index) => `app-${index}`;

if (form === "plain") {
  const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const { Secret } = await import("@pulumi/kubernetes/core/v1/secret.js");
  const client = new SecretsManagerClient({ region: "us-east-1" });
  const read = async (index) => (await client.send(new GetSecretValueCommand({ SecretId: keyOf(index) }))).SecretString;
  for (let index = 0; index < count; index += 1) {
    const stringData = secret(read(index)).apply(JSON.parse);
    new Secret(keyOf(index), { metadata: { name: keyOf(index), namespace }, stringData });
  }
} else {
  const path = form === "dynamic" ? "pulumi-external-secrets/sync/dynamic" : "pulumi-external-secrets/sync";
  const { SyncedSecret } = await import(path);
  for (let index = 0; index < count; index += 1) {
    const data = ["username", "password"].map((property) => ({
      secretKey: property,
      remoteRef: { key: keyOf(index), property },
    }));
    new SyncedSecret(keyOf(index), { metadata: { namespace }, spec: { data } });
  }
}
