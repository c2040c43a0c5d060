/** The certificates that a backend's server is checked with, as `caBundle` and `caProvider` give them. */
import { X509Certificate } from "node:crypto";
import type { CAProvider } from "../api/selectors.ts";
import type { StoreContext } from "./contract.ts";
import { InvalidConfiguration } from "./errors.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The PEM, or undefined where neither is set (the system's certificates apply then). `caBundle` goes first. `caProvider`
 * without a key means `ca.crt`. `block` is the path of the provider's block: `spec.provider.vault`.
 * @throws InvalidConfiguration where it holds no certificate; what the context throws.
 */
export async function resolveCaBundle(
  spec: { readonly caBundle?: string; readonly caProvider?: CAProvider },
  context: StoreContext,
  block: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (spec.caBundle !== undefined && spec.caBundle !== "") {
    return checkedPem(decodeBundle(spec.caBundle), `${block}.caBundle`);
  }
  if (spec.caProvider === undefined) return undefined;
  const { type, ...selector } = spec.caProvider;
  const ref = { key: "ca.crt", ...selector };
  const field = `${block}.caProvider`;
  const read = type === "Secret" ? context.readSecretKey : context.readConfigMapKey;
  const bytes = await read.call(context, ref, field, signal);
  return checkedPem(Buffer.from(bytes).toString("latin1"), field);
}

/** PEM, base64 of PEM (as the CRD has it), or base64 of that, which ESO takes too. */
function decodeBundle(text: string): string {
  let decoded = text;
  for (let round = 0; round < 2 && !decoded.includes("-----BEGIN "); round++) {
    decoded = Buffer.from(decoded, "base64").toString("latin1");
  }
  return decoded;
}

function checkedPem(pem: string, field: string): string {
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return certificates.join("\n");
  throw new InvalidConfiguration(`${field} holds no valid PEM certificate`, {
    field,
    remedy: "give the certificates of the authority as PEM (in caBundle: base64 of it)",
  });
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    // OpenSSL's message says nothing that the caller's does not.
    return false;
  }
}
