/** Object identifiers of PKCS#12 files. */

export const contentTypes = { data: "1.2.840.113549.1.7.1", encryptedData: "1.2.840.113549.1.7.6" } as const;

export const bagTypes = {
  key: "1.2.840.113549.1.12.10.1.1",
  encryptedKey: "1.2.840.113549.1.12.10.1.2",
  certificate: "1.2.840.113549.1.12.10.1.3",
  x509: "1.2.840.113549.1.9.22.1",
} as const;

export const attributes = {
  friendlyName: "1.2.840.113549.1.9.20",
  localKeyId: "1.2.840.113549.1.9.21",
  /** Marks a certificate that Java trusts. */
  javaTrustStore: "2.16.840.1.113894.746875.1.1",
  anyExtendedKeyUsage: "2.5.29.37.0",
} as const;

export const algorithms = {
  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
  pbmac1: "1.2.840.113549.1.5.14",
  sha256: "2.16.840.1.101.3.4.2.1",
  hmacWithSha256: "1.2.840.113549.2.9",
  aes256Cbc: "2.16.840.1.101.3.4.1.42",
} as const;

/** Digests by the OID of a MAC, with the sizes in bytes of output and block. */
export const digests: ReadonlyMap<string, { readonly name: string; readonly size: number; readonly block: number }> =
  new Map([
    ["1.3.14.3.2.26", { name: "sha1", size: 20, block: 64 }],
    [algorithms.sha256, { name: "sha256", size: 32, block: 64 }],
    ["2.16.840.1.101.3.4.2.3", { name: "sha512", size: 64, block: 128 }],
  ]);

/** Digests by the OID of an HMAC. */
export const hmacDigests: ReadonlyMap<string, string> = new Map([
  ["1.2.840.113549.2.7", "sha1"],
  [algorithms.hmacWithSha256, "sha256"],
  ["1.2.840.113549.2.11", "sha512"],
]);

/** Bytes of the key by the OID of an AES cipher in CBC mode. */
export const aesKeyLengths: ReadonlyMap<string, number> = new Map([
  ["2.16.840.1.101.3.4.1.2", 16],
  ["2.16.840.1.101.3.4.1.22", 24],
  [algorithms.aes256Cbc, 32],
]);

/** The ciphers of PKCS#12's own encryption, with the bytes of their keys. */
export const legacyCiphers: ReadonlyMap<string, { readonly name: "des-ede3-cbc" | "rc2"; readonly keyLength: number }> =
  new Map([
    ["1.2.840.113549.1.12.1.3", { name: "des-ede3-cbc", keyLength: 24 } as const],
    ["1.2.840.113549.1.12.1.5", { name: "rc2", keyLength: 16 } as const],
    ["1.2.840.113549.1.12.1.6", { name: "rc2", keyLength: 5 } as const],
  ]);
