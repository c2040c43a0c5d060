/** What costly operations count against a template's limits: about ten steps for a microsecond. */

export const workSteps = {
  /** A byte that is hashed or parsed. */
  byte: 1 / 16,
  bcrypt: 600_000,
  /** scrypt with 32 MiB, twice. */
  masterPassword: 2_000_000,
  rsa2048: 1_000_000,
  rsa4096: 8_000_000,
  dsa2048: 8_000_000,
  /** One iteration of a key derivation: one or two hashes. */
  derivationIteration: 10,
  /** A signature, or a key on a curve. */
  signature: 10_000,
} as const;
