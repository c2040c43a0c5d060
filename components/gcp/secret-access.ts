/** Registers what Google grants: roles on single secrets, and a conditional role on the project for searches. */

import { IAMCustomRole } from "@pulumi/gcp/projects/iamcustomRole.js";
import { IAMMember } from "@pulumi/gcp/projects/iammember.js";
import { RegionalSecretIamMember } from "@pulumi/gcp/secretmanager/regionalSecretIamMember.js";
import { SecretIamMember } from "@pulumi/gcp/secretmanager/secretIamMember.js";
import {
  all,
  type ComponentResource,
  getProject,
  getStack,
  type Input,
  type Output,
  output,
  type Resource,
} from "@pulumi/pulumi";
import type { GrantPlan, KnownGrants } from "../grants/grant-plan.ts";
import type { RemoteRead } from "../grants/remote-read.ts";
import type { RegisteredGrants } from "../keyless-store-component.ts";
import { googleRoleId } from "./google-names.ts";
import {
  ACCESSOR,
  type GrantRules,
  prefixCondition,
  type SecretGrant,
  secretManagerGrants,
  VIEWER,
} from "./secret-grants.ts";

/** Where the secrets are, and who reads them. */
export interface GrantedSecrets extends GrantRules {
  readonly project: Output<string>;
  /** Of regional secrets. */
  readonly location: Input<string> | undefined;
  /** The number of the project; asked for only where a condition needs it. */
  readonly projectNumber: () => Output<string>;
  readonly member: Output<string>;
  /** A role that holds `secretmanager.secrets.list`; unset: one is made. */
  readonly listRole: Input<string> | undefined;
}

/** What of a project is searched. */
interface Search {
  readonly lists: boolean;
  readonly readsValues: boolean;
  /** Unknown at preview while an expression or a path is. */
  readonly prefixes: Output<readonly string[]>;
}

/** @throws (in the Outputs) Error for a key that no secret can have. */
export function registeredGrants(
  name: string,
  { granted, known }: Pick<GrantPlan, "granted" | "known">,
  secrets: GrantedSecrets,
  parent: ComponentResource,
): RegisteredGrants {
  const registered = known.apply((given) => {
    const { granted: reads, pending } = given as KnownGrants;
    const grants = secretManagerGrants(reads, secrets);
    // Keys that are unknown yet change nothing of what is searched.
    const mayGrow = pending.some((kind) => kind !== "key");
    const prefixes = mayGrow
      ? granted.apply((all) => secretManagerGrants(all as readonly RemoteRead[], secrets).prefixes)
      : output(grants.prefixes);
    const search = {
      lists: grants.lists || pending.includes("find"),
      readsValues: grants.prefixes.length > 0 || pending.includes("find"),
      prefixes: prefixes as Output<readonly string[]>,
    };
    const resources: Resource[] = [
      ...grants.secrets.map((grant) => secretMember(name, grant, secrets, parent)),
      ...searchMembers(name, search, secrets, parent),
    ];
    return { resources, warnings: grants.warnings };
  });
  return {
    resources: registered.apply(({ resources }) => resources as Resource[]),
    // Unknown as long as a name is.
    warnings: all([registered, granted]).apply(([{ warnings }]) => warnings),
  };
}

function secretMember(
  name: string,
  { secretId, role }: SecretGrant,
  { project, location, member }: GrantedSecrets,
  parent: ComponentResource,
): Resource {
  const own = `${name}-${role === ACCESSOR ? "value" : "metadata"}-${secretId}`;
  const args = { project, secretId, role, member };
  return location === undefined
    ? new SecretIamMember(own, args, { parent })
    : new RegionalSecretIamMember(own, { ...args, location }, { parent });
}

/** For a find: the list of the project's secrets, and the values of those that begin as it says. */
function searchMembers(
  name: string,
  { lists, readsValues, prefixes }: Search,
  secrets: GrantedSecrets,
  parent: ComponentResource,
): Resource[] {
  if (!lists) return [];
  const { project, member } = secrets;
  const role = secrets.listRole ?? madeListRole(name, project, parent).name;
  const list = new IAMMember(`${name}-list`, { project, role, member }, { parent });
  if (!readsValues) return [list];
  const condition = {
    title: `${name}: secrets that are searched`.slice(0, 100),
    expression: all([secrets.projectNumber(), secrets.location, prefixes]).apply(([number, location, begin]) =>
      prefixCondition(`projects/${number}${location ? `/locations/${location}` : ""}`, begin),
    ),
  };
  const roles = secrets.listsVersions ? [ACCESSOR, VIEWER] : [ACCESSOR];
  const found = roles.map((each) => {
    const own = `${name}-${each === ACCESSOR ? "values" : "versions"}-found`;
    return new IAMMember(own, { project, role: each, member, condition }, { parent });
  });
  return [list, ...found];
}

/** Names, labels and annotations of all secrets of the project, and nothing else: no role of Google's is as narrow. */
function madeListRole(name: string, project: Output<string>, parent: ComponentResource): IAMCustomRole {
  return new IAMCustomRole(
    `${name}-list`,
    {
      project,
      // Of the program, the stack and the component: two stacks in one project have a role each.
      roleId: googleRoleId("externalSecretsList", getProject(), getStack(), name),
      title: "External secrets: list",
      description: "Lists the secrets of the project, without their values.",
      permissions: ["secretmanager.secrets.list"],
    },
    { parent },
  );
}
