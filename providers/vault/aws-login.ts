/** Vault's login by AWS IAM: a signed GetCallerIdentity request, which Vault sends on to AWS. */
import type { StoreContext } from "../contract.ts";
import type { LoginMethod, VaultAuth } from "./login.ts";

const FIELD = "spec.provider.vault.auth.iam";
const DEFAULT_REGION = "us-east-1";
const BODY = "Action=GetCallerIdentity&Version=2011-06-15";

/** `random` (from 0 up to 1) spreads retries of calls to AWS. AWS's libraries are loaded at the first login. */
export function awsLogin(
  spec: NonNullable<VaultAuth["iam"]>,
  context: StoreContext,
  random: () => number,
): LoginMethod {
  const region = spec.region || DEFAULT_REGION;
  return {
    name: "iam",
    async prepare(signal) {
      const [{ openAwsIdentity }, { signedHeaders }] = await Promise.all([
        import("../aws/identity.ts"),
        import("../signature-v4.ts"),
      ]);
      // Opened anew for each login: access keys in Secrets may have been replaced since the last one.
      const identity = await openAwsIdentity({ ...identityOf(spec, region), context, random }, signal);
      const url = new URL(endpointOf(region));
      const headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "content-length": String(BODY.length),
        ...(spec.vaultAwsIamServerID ? { "x-vault-aws-iam-server-id": spec.vaultAwsIamServerID } : {}),
      };
      const request = { method: "POST", url, headers, body: BODY, region, service: "sts", nowMs: context.clock.now() };
      const signed = signedHeaders(request, await identity.get(signal));
      return {
        path: `auth/${spec.path?.replace(/^\/+|\/+$/g, "") || "aws"}/login`,
        body: {
          role: spec.vaultRole,
          iam_http_request_method: request.method,
          iam_request_url: base64(url.href),
          iam_request_body: base64(BODY),
          iam_request_headers: base64(JSON.stringify(signed)),
        },
      };
    },
  };
}

function identityOf(spec: NonNullable<VaultAuth["iam"]>, region: string) {
  const { jwt, secretRef, role, externalID } = spec;
  const auth = { ...(jwt === undefined ? {} : { jwt }), ...(secretRef === undefined ? {} : { secretRef }) };
  return {
    region,
    auth,
    fields: { block: FIELD, auth: FIELD },
    ...(role ? { role } : {}),
    ...(externalID ? { externalID } : {}),
  };
}

/** What Vault asks unless it is told otherwise is the global endpoint, which takes signatures for us-east-1 only. */
function endpointOf(region: string): string {
  if (region === DEFAULT_REGION) return "https://sts.amazonaws.com/";
  return `https://sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}/`;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
