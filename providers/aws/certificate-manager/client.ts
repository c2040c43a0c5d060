/** A store of AWS Certificate Manager that is open: certificates with their private keys, for reading. */
import { createPrivateKey, randomBytes } from "node:crypto";
import type { RemoteRef, SecretsClient } from "../../contract.ts";
import { InvalidConfiguration, Transient } from "../../errors.ts";
import { validationOf } from "../validation.ts";
import type { CertificateAnswer, CertificateManagerApi } from "./certificate-manager-api.ts";

/** What the client is made of; it closes all of it. */
export interface CertificateManagerParts {
  readonly api: CertificateManagerApi;
  /** Ends what else holds connections. */
  readonly closeOthers: () => void;
}

interface Exported {
  readonly certificate: string;
  readonly bytes: Uint8Array;
}

const ARN = /^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/;
/** Certificates whose export is kept. */
const MAX_KEPT = 128;

/**
 * Keeps what it exported, as ESO does, for AWS charges for each export: it is given again while AWS still shows the same
 * certificate. All else is read anew.
 */
export function createCertificateManagerClient({ api, closeOthers }: CertificateManagerParts): SecretsClient {
  const kept = new Map<string, Exported>();
  const unavailable = async (): Promise<never> => {
    throw new InvalidConfiguration("a store of AWS Certificate Manager gives single certificates, by their ARN alone", {
      field: "spec.provider.aws.service",
      remedy: "read them by data[].remoteRef.key; certificates are not searched, extracted or pushed in this version",
    });
  };
  return {
    async getSecret(ref, signal) {
      const arn = arnOf(ref);
      const certificate = textOf(await api.get(arn, signal));
      const known = kept.get(arn);
      if (known?.certificate === certificate) return known.bytes.slice();
      const bytes = await exported(api, arn, signal);
      kept.delete(arn);
      kept.set(arn, { certificate, bytes });
      const [oldest] = kept.size > MAX_KEPT ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
      return bytes.slice();
    },
    getSecretMap: unavailable,
    findSecrets: unavailable,
    validate: (signal) => validationOf(api.probe(signal)),
    secretExists: unavailable,
    pushSecret: unavailable,
    deleteSecret: unavailable,
    async close() {
      kept.clear();
      api.close();
      closeOthers();
    },
  };
}

/** The ARN, to which the store's prefix is not added. */
function arnOf({ key, property, version, metadataPolicy = "None" }: RemoteRef): string {
  if (!ARN.test(key)) {
    throw new InvalidConfiguration(`"${key}" is no ARN of a certificate`, {
      remoteKey: key,
      remedy: "write arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    });
  }
  const field = property ? "property" : version ? "version" : metadataPolicy === "None" ? undefined : "metadataPolicy";
  if (field === undefined) return key;
  throw new InvalidConfiguration(`a certificate of AWS Certificate Manager has no ${field} to read by`, {
    remoteKey: key,
    remedy: `remove remoteRef.${field}; template functions such as filterPEM take parts of it`,
  });
}

/** Certificate, chain and private key, one after the other, as PEM. */
async function exported(api: CertificateManagerApi, arn: string, signal: AbortSignal): Promise<Uint8Array> {
  const passphrase = randomBytes(24).toString("hex");
  const answer = await api.export(arn, passphrase, signal).catch((error: unknown) => {
    if (!(error instanceof InvalidConfiguration)) throw error;
    throw new InvalidConfiguration(error.message, {
      ...error.details,
      remedy: "enable its export when it is requested: AWS gives away no other certificate's private key",
    });
  });
  const { PrivateKey } = answer;
  if (PrivateKey === undefined) throw new Transient(`AWS answered without a key for "${arn}"`, { remoteKey: arn });
  return new TextEncoder().encode(`${textOf(answer)}\n${decrypted(PrivateKey, passphrase, arn).trimEnd()}\n`);
}

function textOf({ Certificate = "", CertificateChain = "" }: CertificateAnswer): string {
  return [Certificate, CertificateChain]
    .map((pem) => pem.trimEnd())
    .filter((pem) => pem !== "")
    .join("\n");
}

function decrypted(key: string, passphrase: string, arn: string): string {
  try {
    return createPrivateKey({ key, passphrase }).export({ type: "pkcs8", format: "pem" }).toString();
  } catch {
    // Node's message says nothing of the key's bytes today; nothing says that it never will.
    throw new Transient(`the private key that AWS gave for "${arn}" cannot be decrypted`, { remoteKey: arn });
  }
}
