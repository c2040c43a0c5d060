/** What conditions and events say: their types, reasons and fixed messages. */

/** Condition of all kinds: `True` while the object does what it should. */
export const CONDITION_READY = "Ready";

/** Condition of an ExternalSecret: `True` when its Secret was deleted by `deletionPolicy: Delete`. */
export const CONDITION_DELETED = "Deleted";

/** Condition of an ExternalSecret: whether the Secret holds what the backend gave last. */
export const CONDITION_SYNCED = "Synced";

/** Types that a condition of an ExternalSecret may have. */
export const EXTERNAL_SECRET_CONDITION_TYPES = [CONDITION_READY, CONDITION_DELETED, CONDITION_SYNCED] as const;

/** Most entries that `status.entries` of an ExternalSecret lists. */
export const MAX_STATUS_ENTRIES = 20;

/** Reasons of an ExternalSecret's conditions. */
export const EXTERNAL_SECRET_REASONS = {
  /** The Secret is as the backend says. */
  synced: "SecretSynced",
  /** The last attempt failed; the Secret is kept as it was. */
  syncError: "SecretSyncedError",
  /** The Secret was deleted because the backend no longer has it and deletionPolicy is Delete. */
  deleted: "SecretDeleted",
  /** The Secret to merge into is not there. */
  missing: "SecretMissing",
} as const;

/** Further reasons of the condition `Synced`, which says what `Ready` leaves out. */
export const SYNCED_REASONS = {
  /** The Secret is kept although the backend gave nothing for it. */
  retained: "SecretRetained",
  /** The backend gave nothing, which is not proof that the secret was deleted: the Secret is kept. */
  unproven: "AbsenceUnproven",
  /** The Secret is immutable and holds other values than the backend. */
  immutable: "SecretImmutable",
  /** Fields that another field manager had set were taken over. */
  conflict: "FieldConflict",
  /** The ExternalSecret was edited after its one refresh, which an interval of 0 lets nothing follow. */
  editIgnored: "EditIgnored",
} as const;

/** Reasons of an ExternalSecret whose target is another kind than Secret. */
export const GENERIC_TARGET_REASONS = {
  synced: "ResourceSynced",
  syncError: "ResourceSyncedError",
  deleted: "ResourceDeleted",
  missing: "ResourceMissing",
  /** Of the condition `Synced`. */
  retained: "ResourceRetained",
  /** Of the condition `Synced`. */
  immutable: "ResourceImmutable",
} as const;

/** Reasons of a store's `Ready` condition; each is an event reason, too. */
export const STORE_REASONS = {
  /** The backend could be reached and lets us in. */
  valid: "Valid",
  /** The provider block cannot be made into a client: a missing credential, a wrong field. */
  invalidProvider: "InvalidProviderConfig",
  /** The store itself is wrong: no backend, more than one, an expression that does not compile. */
  invalidStore: "InvalidStoreConfiguration",
  /** The backend refused us or could not be reached. */
  validationFailed: "ValidationFailed",
  /** Only a namespace's own use can tell. The condition is `True`. */
  validationUnknown: "ValidationUnknown",
} as const;

/** Reasons of the events of an ExternalSecret. */
export const EXTERNAL_SECRET_EVENTS = {
  created: "Created",
  updated: "Updated",
  deleted: "Deleted",
  updateFailed: "UpdateFailed",
  /** The backend has no such secret, and deletionPolicy permits to go on without it. */
  missingProviderSecret: "MissingProviderSecret",
  /** Fields of the Secret that another field manager had set were taken over. */
  fieldConflict: "FieldConflict",
  /** The object uses a field that will go. */
  parameterDeprecated: "ParameterDeprecated",
} as const;

/** Messages of conditions that say the same in every object. */
export const CONDITION_MESSAGES = {
  synced: "secret synced",
  retained: "secret retained due to DeletionPolicy=Retain",
  deleted: "secret deleted due to DeletionPolicy=Delete",
  mergeTargetMissing: "secret will not be created due to CreationPolicy=Merge",
  providerError: "could not get secret data from provider",
  deleteError: "could not delete secret",
  deleteOrphansError: "could not delete orphaned secrets",
  updateError: "could not update secret",
  immutable: "could not update secret, target is immutable",
  ownershipError: "failed to take ownership of target secret",
  ownedByAnother: "target is owned by another ExternalSecret",
  storeValid: "store validated",
} as const;
