import { externalSecretsPolicyPack } from "pulumi-external-secrets/policies";

externalSecretsPolicyPack({
  noWildcardFind: { stacks: ["prod", "prod-*"], namespaces: ["payments", "prod-*"] },
  refreshIntervalFloor: { minimum: "5m", enforcementLevel: "advisory" },
  noStaticCredentials: { allowed: ["vault.auth.appRole"] },
  noLiteralSecrets: { exempt: ["legacy-*"] },
});
