/** Whose a Secret is: the label and the field manager of a SyncedSecret, and the refusals that follow from them. */
import type { KubeSecret } from "../../controller/cache/secret-record.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { idOf, type SecretName } from "./inputs.ts";
import type { SyncedSecretState } from "./state.ts";

/** Label of every Secret that a SyncedSecret owns; its value says which one. */
export const OWNER_LABEL = "sync.external-secrets.io/owner";

const FIELD_MANAGER_PREFIX = "sync.external-secrets.io/";

/** Bytes of an owner's id. */
const OWNER_BYTES = 8;

/**
 * A value for the label of a new resource: random, and kept in the state. A name of the resource would be the same in another copy
 * of the program, with a state of its own.
 */
export function newOwner(randomBytes: (length: number) => Uint8Array): string {
  return Buffer.from(randomBytes(OWNER_BYTES)).toString("hex");
}

/** The field manager under which the fields of the Secret are owned. */
export function fieldManagerOf(owner: string): string {
  return FIELD_MANAGER_PREFIX + owner;
}

/** The object that would take the Secret with it when it is deleted. */
export function controllerOf({ metadata }: KubeSecret): string | undefined {
  const reference = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return reference && `${reference.kind} "${reference.name}"`;
}

/** Whether the Secret is the one that the state speaks of. */
export function isOurs(live: KubeSecret, { owner, uid }: Pick<SyncedSecretState, "owner" | "uid">): boolean {
  const label = live.metadata.labels?.[OWNER_LABEL];
  if (label !== undefined) return label === owner;
  // Somebody removed the label, or the Secret was imported and not written since.
  return uid !== "" && live.metadata.uid === uid;
}

/**
 * @throws InvalidConfiguration where the Secret is somebody else's, or an object controls it that would delete it.
 */
export function requireOwnership(
  live: KubeSecret,
  name: SecretName,
  ours: Pick<SyncedSecretState, "owner" | "uid">,
  adopt: boolean,
): void {
  const secret = `Secret "${idOf(name)}"`;
  const controller = controllerOf(live);
  if (controller !== undefined) {
    throw new InvalidConfiguration(`${secret} is controlled by ${controller}, which would delete it`, {
      field: "spec.target.name",
      remedy: controller.startsWith("ExternalSecret")
        ? "set spec.target.creationPolicy of that ExternalSecret to Orphan first, or choose another spec.target.name"
        : "choose another spec.target.name",
    });
  }
  if (adopt || isOurs(live, ours)) return;
  const other = live.metadata.labels?.[OWNER_LABEL];
  const whose = other === undefined ? "is there already and is not ours" : "belongs to another SyncedSecret";
  throw new InvalidConfiguration(`${secret} ${whose}`, {
    field: "spec.target.name",
    remedy:
      "choose another spec.target.name, set adopt: true to take it over (also where an interrupted up of this stack wrote it), or delete it",
  });
}
