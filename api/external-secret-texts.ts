/** The sentences that refuse an ExternalSecret, and the names that they speak of; said alike by the CRD and by `validateExternalSecret`. */

/** Type of Secrets that hold a ServiceAccount's token. */
export const SERVICE_ACCOUNT_TOKEN_TYPE = "kubernetes.io/service-account-token";

/** Annotation that makes Kubernetes put a token for that ServiceAccount into such a Secret. */
export const SERVICE_ACCOUNT_NAME_ANNOTATION = "kubernetes.io/service-account.name";

/** Type of Secrets by which nodes join the cluster. */
export const BOOTSTRAP_TOKEN_TYPE = "bootstrap.kubernetes.io/token";

/** Creation policies under which the Secret may be someone else's. */
export const NON_OWNING_CREATION_POLICIES = ["Merge", "None", "CreateOrMerge"] as const;

/** ESO's own sentences. */
export const EXTERNAL_SECRET_TEXTS = {
  nil: "external secret cannot be nil during validation",
  deleteWithoutOwner:
    "deletionPolicy=Delete must not be used when the controller doesn't own the secret. Please set creationPolicy=Owner",
  mergeIntoNone: "deletionPolicy=Merge must not be used with creationPolicy=None. There is no Secret to merge with",
  noData: "either data or dataFrom should be specified",
  severalSources: "extract, find, or generatorRef cannot be set at the same time",
  noSource: "either extract, find, or sourceRef must be set to dataFrom",
  emptySourceRef: "generatorRef or storeRef must be set when using sourceRef in dataFrom",
  bootstrapToken: `template.type="${BOOTSTRAP_TOKEN_TYPE}" is not allowed`,
  tokenWithAnnotation: `template.type="${SERVICE_ACCOUNT_TOKEN_TYPE}" with annotation "${SERVICE_ACCOUNT_NAME_ANNOTATION}" is not allowed`,
  tokenWithRenderedAnnotations: `template.type="${SERVICE_ACCOUNT_TOKEN_TYPE}" with templateFrom target="Annotations" is not allowed`,
  /** @param quotedTarget the target in double quotes. */
  templateTarget: (quotedTarget: string) =>
    `templateFrom target=${quotedTarget} is not allowed when targeting a Secret, must be one of "Data", "Annotations" or "Labels"`,
  duplicateKey: (key: string) => `duplicate secretKey found: ${key}`,
} as const;
