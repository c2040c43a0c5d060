/** Comparison of resourceVersions, which the API server makes of etcd's revision. */

/**
 * Whether `version` is certainly older than `than`: both decimal numbers (as KEP-5504 declares them to be), and smaller. Versions
 * of any other form are never older.
 */
export function isOlderVersion(version: string, than: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return false;
  // Decimal numbers without leading zeros compare by length first; no need for BigInt on each event.
  return version.length === than.length ? version < than : version.length < than.length;
}
