/** A store of AWS and one of Vault, through which the secrets of the configuration are read. */
import { Config } from "@pulumi/pulumi";
import { AwsSecretStore } from "../../../../components/aws/index.ts";
import { ExternalSecret } from "../../../../components/external-secret.ts";
import { VaultStore } from "../../../../components/vault/index.ts";

const config = new Config();
const keys = config.requireObject<readonly string[]>("keys");
const shared = { namespace: "default", skipAwait: true };
const aws = new AwsSecretStore("aws", {
  ...shared,
  service: "SecretsManager",
  region: "eu-central-1",
  accountId: "123456789012",
  identity: { irsa: { oidcProviderArn: "arn:aws:iam::123456789012:oidc-provider/oidc.example.com/id/A" } },
});
const vault = new VaultStore("vault", {
  ...shared,
  server: "https://vault.example.com:8200",
  path: "secret",
  // The test sets "explicit", and nothing here closes then.
  grants: { close: config.get<"automatic" | "explicit">("close") ?? "automatic" },
});

for (const [name, store] of Object.entries({ aws, vault })) {
  new ExternalSecret(`${name}-keys`, {
    metadata: { namespace: "default" },
    store,
    spec: { data: keys.map((key) => ({ secretKey: key.replaceAll("/", "."), remoteRef: { key } })) },
    skipAwait: true,
  });
}

export const awsPolicies = aws.policies;
export const vaultPolicy = vault.policy;
