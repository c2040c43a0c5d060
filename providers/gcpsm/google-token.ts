/** An access token of Google's. */
import type { AccessToken } from "../token-cache.ts";

export interface GoogleToken extends AccessToken {
  /** Project that is billed for the calls, where the credentials name one. */
  readonly quotaProject?: string;
}
