/** API discovery: which resource types a version of a group has. */
import type { Call, CallPipeline } from "./call-pipeline.ts";
import type { GroupVersion, ResourceType } from "./contracts.ts";
import { KubeConnectionError } from "./kube-api-error.ts";
import { isMapping } from "./kubeconfig-files.ts";
import { apiVersionOf, groupPath } from "./resource-path.ts";

/**
 * Without subresources.
 * @throws KubeApiError; a 404 where the group or the version is not served
 */
export async function discover(
  pipeline: CallPipeline,
  groupVersion: GroupVersion,
  signal: AbortSignal,
): Promise<readonly ResourceType[]> {
  const call: Call = {
    verb: "get",
    resource: `resource types of ${apiVersionOf(groupVersion)}`,
    sensitive: false,
    idempotent: true,
    request: { method: "GET", path: groupPath(groupVersion), headers: { accept: "application/json" } },
  };
  const answer = await pipeline.unary(call, signal);
  if (!isMapping(answer) || !Array.isArray(answer.resources)) throw new KubeConnectionError(call, "TORN_ANSWER");
  const { group, version } = groupVersion;
  return answer.resources.filter(isMapping).flatMap(({ name, kind, namespaced }): readonly ResourceType[] => {
    if (typeof name !== "string" || typeof kind !== "string" || name.includes("/")) return [];
    return [{ group, version, kind, plural: name, namespaced: namespaced === true }];
  });
}
