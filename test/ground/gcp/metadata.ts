/** The metadata server of Compute Engine and GKE. */
import { type GoogleAnswer, GoogleFault, type GoogleRequest } from "./google-message.ts";
import type { Principals } from "./principals.ts";

/** The machine or Pod that asks. */
export interface Machine {
  readonly project: string;
  readonly clusterName?: string;
  readonly clusterLocation?: string;
  /** Address of its service account; unset: it has none. */
  readonly account?: string;
}

const ROOT = "/computeMetadata/v1/";
const FLAVOR = { "metadata-flavor": "Google" };

/** Undefined where the path is none of the metadata server's. */
export function handleMetadata(
  request: GoogleRequest,
  machine: Machine,
  principals: Principals,
): GoogleAnswer | undefined {
  if (!request.path.startsWith(ROOT)) return undefined;
  if (request.headers["metadata-flavor"] !== "Google") {
    throw new GoogleFault({ status: 403, body: "Missing Metadata-Flavor:Google header." });
  }
  const body = contentOf(request.path.slice(ROOT.length).replace(/\/$/, ""), machine, principals);
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
