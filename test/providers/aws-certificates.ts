/** A small Certificate Manager on loopback: one certificate that may be exported, for requests that are rightly signed. */
import { generateKeyPairSync } from "node:crypto";
import { readSignatureClaims, signatureMatches } from "../ground/aws/emulator/signature-v4.ts";
import { EXAMPLE_CREDENTIALS } from "../ground/aws/index.ts";
import type { ScriptedAnswer, ScriptedRequest } from "./scripted-server.ts";

/** Of the certificate. */
export const ARN = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
/** A certificate of that name, in form only. */
export const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
/** That of the certificate. */
export const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const PKCS8 = { type: "pkcs8", format: "pem" } as const;

/** Answers for a scripted server; the passphrases of exports are added to `exports`. */
export function certificateManager(certificate: { leaf: string }, exports: string[] = []) {
  return (request: ScriptedRequest): ScriptedAnswer => {
    const action = String(request.headers["x-amz-target"]).replace("CertificateManager.", "");
    const { url: target, body, ...others } = request;
    const signed = { ...others, target, body: Buffer.from(body), protocol: "json", action } as const;
    const claims = readSignatureClaims(signed);
    const good = claims?.service === "acm" && signatureMatches(signed, claims, EXAMPLE_CREDENTIALS.secretAccessKey);
    if (!good) return failure("InvalidSignatureException");
    const input = JSON.parse(request.body) as { readonly CertificateArn?: string; readonly Passphrase?: string };
    if (action === "ListCertificates") return failure("AccessDeniedException");
    if (input.CertificateArn !== ARN) return failure("ResourceNotFoundException");
    const answer = { Certificate: pem(certificate.leaf), CertificateChain: pem("root") };
    if (action === "GetCertificate") return { body: answer };
    const passphrase = Buffer.from(input.Passphrase ?? "", "base64").toString();
    exports.push(passphrase);
    const PrivateKey = privateKey.export({ ...PKCS8, cipher: "aes-256-cbc", passphrase });
    return { body: { ...answer, PrivateKey } };
  };
}

/** What AWS says where it refuses; its text must not be shown. */
export function failure(type: string): ScriptedAnswer {
  const headers = { "x-amzn-requestid": "request-1" };
  return { status: 400, headers, body: { __type: `com.amazonaws.acm#${type}`, message: "c4n4ry" } };
}
