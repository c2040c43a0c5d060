/** What can keep an ExternalSecret from being synced, beside what backends and the API server say. */
import { InvalidConfiguration, type SyncErrorDetails } from "../../providers/errors.ts";

/** The ExternalSecret itself is wrong; nothing is tried before it is edited. */
export class InvalidExternalSecret extends InvalidConfiguration {}

/** A store is not there, not ready, or not for this namespace; its next change tries again. */
export class StoreUnavailable extends InvalidConfiguration {}

/** The target Secret belongs to somebody else; nothing is tried before it changes. */
export class OwnershipConflict extends InvalidConfiguration {
  /** Else the owner is of another kind. */
  readonly isOwnedByExternalSecret: boolean;

  constructor(message: string, details: SyncErrorDetails & { readonly isOwnedByExternalSecret: boolean }) {
    super(message, details);
    this.isOwnedByExternalSecret = details.isOwnedByExternalSecret;
  }
}

/** The target Secret ought to be deleted, and this ExternalSecret does not own it; nothing is tried before it changes. */
export class SecretNotOurs extends InvalidConfiguration {}

/** The target Secret is immutable and holds something else; nothing is tried before it changes. */
export class TargetImmutable extends InvalidConfiguration {}

/** The target Secret is there with another type, which cannot change; nothing is tried before it is deleted. */
export class TargetTypeDiffers extends InvalidConfiguration {}

/** The API server does not have the kind of the target; tried again, for its CRD may come. */
export class TargetKindUnknown extends InvalidConfiguration {}

/** The API server does not let us read or write objects of the target's kind; tried again, for a role may come. */
export class TargetForbidden extends InvalidConfiguration {}

/** The API server cannot apply what was rendered; tried again, for its schema may change. */
export class TargetRejected extends InvalidConfiguration {}
