/** Orders certificates by their key identifiers. Nothing is verified: an ordered chain is not a trusted one. */
import { GoError } from "../go-value.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { decodeAllPem, encodePem } from "./pem.ts";

interface Link {
  readonly certificate: Certificate;
  /** Of the certificate and of its signer. An absent identifier counts as an empty one, as ESO compares them. */
  readonly id: string;
  readonly signerId: string;
  parent: Link | undefined;
  isParent: boolean;
}

/**
 * Leaf, intermediates, root. Certificates of the text that are no part of the leaf's chain are left out.
 * @throws GoError with ESO's wording, where no leaf or more than one is found.
 */
export function orderedChain(pem: string): Certificate[] {
  const links = decodeAllPem(pem).blocks.map(({ bytes }): Link => {
    const certificate = parseCertificate(bytes);
    const { subjectKeyId, authorityKeyId } = certificate;
    return { certificate, id: idOf(subjectKeyId), signerId: idOf(authorityKeyId), parent: undefined, isParent: false };
  });
  for (const link of links) {
    link.parent = links.find((other) => other !== link && other.id === link.signerId);
    if (link.parent !== undefined) link.parent.isParent = true;
  }
  const [leaf, ...others] = links.filter(({ isParent }) => !isParent);
  if (others.length > 0) throw new GoError("found multiple leaf or disjunct certificates");
  if (leaf === undefined) throw new GoError("no leaf certificate found");
  const chain: Certificate[] = [];
  for (let link: Link | undefined = leaf; link !== undefined; link = link.parent) {
    if (chain.length === links.length) throw new GoError("constructing chain resulted in cycle");
    chain.push(link.certificate);
  }
  return chain;
}

const idOf = (keyId: Uint8Array | undefined): string => Buffer.from(keyId ?? []).toString("latin1");

/** Whether a certificate is a root by its key identifiers: it names no signer, or itself. */
export function isRoot({ authorityKeyId, subjectKeyId }: Certificate): boolean {
  return authorityKeyId === undefined || idOf(authorityKeyId) === idOf(subjectKeyId);
}

/** The PEM of certificates, one after the other. */
export const certificatesPem = (certificates: readonly Certificate[]): string =>
  certificates.map(({ raw }) => encodePem("CERTIFICATE", raw)).join("");
