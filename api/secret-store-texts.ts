/** The sentences that refuse a store; said alike by the CRD and by `validateSecretStore`. */

/** Session tags that the controller sets itself. */
export const RESERVED_SESSION_TAGS = ["esoNamespace", "esoStoreName", "esoStoreKind"] as const;

/** ESO's own sentences. */
export const SECRET_STORE_TEXTS = {
  nil: "secret store cannot be nil during validation",
  backendCount: (found: number | string) =>
    `secret stores must only have exactly one backend specified, found ${found}`,
  regex: (regexIndex: number, conditionIndex: number, problem: string) =>
    `failed to compile ${regexIndex}th namespace regex in ${conditionIndex}th condition: ${problem}`,
  invalidInterval: (interval: string) => `invalid refreshInterval "${interval}": not a duration such as 1h30m`,
  negativeInterval: (interval: string) => `invalid refreshInterval "${interval}": must not be negative`,
  reservedSessionTags: `customSessionTags cannot contain automatically injected reserved keys: ${RESERVED_SESSION_TAGS.join(", ")}`,
} as const;
