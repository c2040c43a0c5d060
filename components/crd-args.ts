/** What a user may set about the CRDs. */

/** How the CRDs are handled. */
export interface CrdsArgs {
  /** Whether to install them. Default true; set it to false where something else does. */
  readonly create?: boolean;
  /**
   * Whether `pulumi destroy` deletes them, and with them every SecretStore and ExternalSecret of the cluster and the
   * Secrets that those own. The stack must then create them itself: CRDs that are there are an error. Default false: CRDs that are
   * there are adopted, and they stay.
   */
  readonly deleteOnDestroy?: boolean;
  /**
   * Whether an admission policy refuses to delete the CRDs until `external-secrets release` has let go of the Secrets.
   * Default true, unless `deleteOnDestroy`. Needs Kubernetes 1.30.
   */
  readonly protect?: boolean;
  /**
   * Whether the controller has objects stored in v1 that the API server still holds in v1beta1, as ESO's CRDs leave them. It needs
   * rights for that (`storageMigrationRules`). Default true where the whole cluster is served; where not,
   * `external-secrets migrate-storage` does the same by hand.
   */
  readonly migrateStorage?: boolean;
}
