/** What Vault's auth method `gcp` checks of a login, as its documentation and its answers have it. */
import { isSignedBy, parseToken } from "./azure/json-web-token.ts";
import type { GoogleEmulator } from "./gcp/index.ts";

export interface GcpRole {
  /** `iam`: a token that a service account has signed. `gce`: one of the metadata server of a machine. */
  readonly type: "iam" | "gce";
  /** `bound_service_accounts` (iam): e-mail addresses. */
  readonly accounts?: readonly string[];
  /** `bound_projects` (gce). */
  readonly projects?: readonly string[];
  /** `max_jwt_exp`. Default: Vault's own 900. */
  readonly longestSeconds?: number;
}

export interface GcpCheck {
  readonly google: GoogleEmulator;
  readonly roles: Readonly<Record<string, GcpRole>>;
}

const TOLERANCE_SECONDS = 60;
const LONGEST_SECONDS = 3_600;
const DEFAULT_LONGEST_SECONDS = 900;

/** Why Vault refuses the login, or undefined where it lets in. Times are by this machine's clock. */
export function gcpRefusal(body: Readonly<Record<string, string>>, { google, roles }: GcpCheck): string | undefined {
  const role = roles[body.role ?? ""];
  if (role === undefined) return `role "${body.role}" not found`;
  const token = parseToken(body.jwt ?? "");
  if (token === undefined) return "unable to parse signed JWT";
  const { sub = "", aud, exp } = token.claims;
  const key = google.signatures.keyOf(String(token.head.kid), String(sub));
  if (key === undefined) return `unable to get public key for JWT subject "${sub}"`;
  if (token.head.alg !== "RS256" || !isSignedBy(token, key)) return "error in cryptographic primitive";
  const seconds = typeof exp === "number" ? exp - Date.now() / 1_000 : Number.NaN;
  if (!(seconds > -TOLERANCE_SECONDS)) return "JWT is expired or does not have proper 'exp' claim";
  if (seconds > LONGEST_SECONDS + TOLERANCE_SECONDS) return "JWT must expire in 60 minutes";
  if (![aud].flat().every((each) => String(each).endsWith(`vault/${body.role}`))) {
    return `at least one of the JWT claim 'aud' must end in "vault/${body.role}"`;
  }
  if (role.type === "gce") return machineRefusal(token.claims.google, role);
  if (seconds > (role.longestSeconds ?? DEFAULT_LONGEST_SECONDS)) return "role requires that JWTs expire sooner";
  return role.accounts?.includes(String(sub)) ? undefined : `service account ${sub} is not authorized for role`;
}

function machineRefusal(google: unknown, { projects = [] }: GcpRole): string | undefined {
  const { compute_engine: machine } = (google ?? {}) as {
    readonly compute_engine?: { readonly instance_id?: string; readonly project_id?: string };
  };
  if (machine?.instance_id === undefined) return "expected JWT to have claims with GCE metadata";
  return projects.includes(machine.project_id ?? "") ? undefined : "instance not in bound projects";
}
