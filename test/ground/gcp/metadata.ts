/** The metadata server of Compute Engine and GKE. */
import { type GoogleAnswer, GoogleFault, type GoogleRequest } from "./google-message.ts";
import type { Principals } from "./principals.ts";
import type { Signatures } from "./signatures.ts";

/** The machine or Pod that asks. */
export interface Machine {
  readonly project: string;
  readonly clusterName?: string;
  readonly clusterLocation?: string;
  /** Address of its service account; unset: it has none. */
  readonly account?: string;
  /** What a machine of Compute Engine says of itself; unset: it is a Pod. */
  readonly instance?: { readonly instance_id: string; readonly instance_name: string; readonly zone: string };
}

const ROOT = "/computeMetadata/v1/";
const FLAVOR = { "metadata-flavor": "Google" };

/** Undefined where the path is none of the metadata server's. */
export function handleMetadata(
  request: GoogleRequest,
  machine: Machine,
  principals: Principals,
  signatures: Signatures,
): GoogleAnswer | undefined {
  if (!request.path.startsWith(ROOT)) return undefined;
  if (request.headers["metadata-flavor"] !== "Google") {
    throw new GoogleFault({ status: 403, body: "Missing Metadata-Flavor:Google header." });
  }
  const path = request.path.slice(ROOT.length).replace(/\/$/, "");
  const body = path.endsWith("/default/identity")
    ? signatures.identityToken(machine, request.query.get("audience"))
    : contentOf(path, machine, principals);
  if (body === undefined) throw new GoogleFault({ status: 404, headers: FLAVOR, body: "Not Found" });
  return { headers: FLAVOR, body };
}

function contentOf(path: string, machine: Machine, principals: Principals): unknown {
  switch (path) {
    case "instance":
      return "attributes/\nservice-accounts/\n";
    case "project/project-id":
      return machine.project;
    case "instance/attributes/cluster-name":
      return machine.clusterName;
    case "instance/attributes/cluster-location":
      return machine.clusterLocation;
    case "instance/service-accounts/default/email":
      return machine.account;
    case "instance/service-accounts/default/token":
      return machine.account === undefined ? undefined : principals.issue(`serviceAccount:${machine.account}`);
    default:
      return undefined;
  }
}
