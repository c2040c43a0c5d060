/** Who may write a Secret, or another target, that is there already. */
import { API_GROUP, EXTERNAL_SECRET } from "../../api/resource-types.ts";
import type { DesiredSecret } from "../../engine/desired-secret.ts";
import type { ObjectMeta, OwnerReference } from "../kube/contracts.ts";
import { OwnershipConflict } from "./problems.ts";

/** An object, as far as ownership goes. */
interface Owned {
  readonly metadata: Pick<ObjectMeta, "ownerReferences">;
}

function isExternalSecret({ apiVersion, kind }: OwnerReference): boolean {
  return kind === EXTERNAL_SECRET.kind && apiVersion.split("/")[0] === API_GROUP;
}

function controllerOf({ metadata }: Owned): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** The controller is this ExternalSecret, or was an earlier one of its name. */
function isSame(reference: OwnerReference, owner: OwnerReference): boolean {
  return isExternalSecret(reference) && reference.name === owner.name;
}

/**
 * A Secret without a controller may be taken over, as ESO does. One that another ExternalSecret controls is not even merged into:
 * the two would fight; one that an object of another kind controls is, where we do not ask to own it.
 * @throws OwnershipConflict where another object controls it.
 */
export function requireOwnership(
  current: Owned,
  owner: OwnerReference,
  desired: Pick<DesiredSecret, "name" | "namespace" | "owned">,
  kind = "Secret",
): void {
  const controller = controllerOf(current);
  if (controller === undefined || isSame(controller, owner)) return;
  const isOwnedByExternalSecret = isExternalSecret(controller);
  if (!desired.owned && !isOwnedByExternalSecret) return;
  throw new OwnershipConflict(
    `${kind} "${desired.namespace}/${desired.name}" is controlled by ${controller.kind} "${controller.name}"`,
    {
      field: "spec.target.name",
      remedy: "choose another spec.target.name, or delete the other",
      isOwnedByExternalSecret,
    },
  );
}

/** Whether this very ExternalSecret controls the Secret. */
export function isOwnedBy({ metadata }: Owned, owner: Pick<OwnerReference, "uid">): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid, controller }) => uid === owner.uid && controller === true);
}

/** References to an earlier ExternalSecret of the same name; where the Secret shall not be owned, to this one as well. */
export function staleOwnerReferences(
  { metadata }: Owned,
  owner: OwnerReference,
  owned = true,
): readonly OwnerReference[] {
  return (metadata.ownerReferences ?? []).filter(
    (reference) => reference.controller === true && isSame(reference, owner) && !(owned && reference.uid === owner.uid),
  );
}
