/** Logs in as an application whose secret or certificate stands in a Secret of the cluster. */
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import type { KeySelector, StoreContext } from "../contract.ts";
import { InvalidConfiguration } from "../errors.ts";
import { clientAssertion, clientCertificatePem, readClientCertificate } from "./client-certificate.ts";
import type { Entra, EntraLogin } from "./entra.ts";

const BLOCK = "spec.provider.azurekv";

/**
 * Reads the credentials, each time anew so that a renewed Secret is seen.
 * @throws InvalidConfiguration; what the context throws.
 */
export async function servicePrincipalLogin(
  spec: AzureKvProviderSpec,
  context: StoreContext,
  entra: Entra,
  signal: AbortSignal,
): Promise<EntraLogin> {
  const { tenantId, authSecretRef: refs = {} } = spec;
  if (!tenantId) {
    throw new InvalidConfiguration(`${BLOCK}.tenantId is needed by authType ServicePrincipal`, {
      field: `${BLOCK}.tenantId`,
      remedy: "set it",
    });
  }
  const clientId = await readText(context, refs.clientId, "clientId", signal);
  if (refs.clientCertificate === undefined) {
    const secret = await readText(context, refs.clientSecret, "clientSecret", signal);
    return { tenantId, clientId, proof: { client_secret: secret }, field: `${BLOCK}.authSecretRef.clientSecret` };
  }
  const field = `${BLOCK}.authSecretRef.clientCertificate`;
  const file = await context.readSecretKey(refs.clientCertificate, field, signal);
  const pem = await clientCertificatePem(file, field, context);
  const client_assertion = clientAssertion(readClientCertificate(pem, field), {
    clientId,
    audience: entra.tokenUrl(tenantId),
    nowMs: context.clock.now(),
  });
  return { tenantId, clientId, proof: { client_assertion }, field };
}

/**
 * A text of `authSecretRef`, without blanks and line feeds at its ends.
 * @throws InvalidConfiguration where it is not named, or empty.
 */
export async function readText(
  context: StoreContext,
  ref: KeySelector | undefined,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  const field = `${BLOCK}.authSecretRef.${name}`;
  if (ref === undefined) {
    throw new InvalidConfiguration(`${field} is missing`, {
      field,
      remedy: "name the Secret and the key that hold it",
    });
  }
  const text = new TextDecoder().decode(await context.readSecretKey(ref, field, signal)).trim();
  if (text === "") {
    throw new InvalidConfiguration(`${field} refers to an empty value`, { field, remedy: "put the value in" });
  }
  return text;
}
