/** The sign by which a workload is rolled when the content of its Secret changes. */
import { createHash } from "node:crypto";
import type { ExternalSecretStatus } from "../api/external-secret.ts";
import { dnsLabelOf } from "./dns-label.ts";

/**
 * 32 hexadecimal digits of the Secret's name and the version of its content. No value goes in, so that nobody who reads
 * the state or the pod can try out values; a Secret that was made anew with the same content has another hash.
 */
export function contentHashOf(secretName: string, status: ExternalSecretStatus | undefined): string {
  const version = status?.contentVersion ?? "";
  return createHash("sha256")
    .update(JSON.stringify([secretName, version]))
    .digest("hex")
    .slice(0, 32);
}

/** The name of the annotation for the ExternalSecret of that Pulumi name. */
export function contentAnnotation(resource: string): string {
  return `content.external-secrets.io/${dnsLabelOf(resource)}`;
}
