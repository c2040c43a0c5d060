/** Evaluates IAM bindings with conditions as Google does: test equipment. */
import type { runtime } from "@pulumi/pulumi";

type Registered = runtime.MockResourceArgs;

/** Permissions of Google's roles for secrets, as Google documents them. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  "roles/secretmanager.secretAccessor": ["secretmanager.versions.access"],
  "roles/secretmanager.viewer": [
    ...["secretmanager.secrets.get", "secretmanager.secrets.list", "secretmanager.secrets.getIamPolicy"],
    ...["secretmanager.versions.get", "secretmanager.versions.list"],
  ],
};

/** A permission that is asked for on a resource. */
export interface GoogleRequest {
  readonly permission: string;
  /** A secret's id; undefined for the project itself. */
  readonly secret?: string;
  /** Of a regional secret. */
  readonly location?: string;
}

/** The project that everything is in. */
export const PROJECT = { id: "my-project", number: "123456789012" };

/** What a program registered: bindings on secrets and on the project, and the roles it made. */
export function googleAllows(registered: readonly Registered[], member: string, request: GoogleRequest): boolean {
  const customRoles = new Map(
    registered
      .filter(({ type }) => type === "gcp:projects/iAMCustomRole:IAMCustomRole")
      .map(({ name, inputs }) => [`custom:${name}`, inputs.permissions]),
  );
  return registered.some(({ type, inputs }) => {
    if (inputs.member !== member) return false;
    const permissions = ROLES[inputs.role] ?? customRoles.get(inputs.role) ?? [];
    return (
      permissions.includes(request.permission) && isHeldOn(type, inputs, request) && holds(inputs.condition, request)
    );
  });
}

/** A binding on the project holds for all in it. */
function isHeldOn(type: string, inputs: Registered["inputs"], { secret, location }: GoogleRequest): boolean {
  if (inputs.project !== PROJECT.id) return false;
  if (type === "gcp:projects/iAMMember:IAMMember") return true;
  const isRegional = type === "gcp:secretmanager/regionalSecretIamMember:RegionalSecretIamMember";
  const isGlobal = type === "gcp:secretmanager/secretIamMember:SecretIamMember";
  if (!isRegional && !isGlobal) return false;
  return inputs.secretId === secret && inputs.location === location;
}

/** The subset of CEL that is used: `resource.name.startsWith("…") || …`. @throws for anything else */
function holds(condition: { expression: string } | undefined, request: GoogleRequest): boolean {
  if (condition === undefined) return true;
  const operands = condition.expression.split(" || ");
  if (operands.length > 13) throw new Error("more than twelve logical operators");
  return operands.some((operand) => {
    const literal = /^resource\.name\.startsWith\(("(?:[^"\\]|\\.)*")\)$/.exec(operand)?.[1];
    if (literal === undefined) throw new Error(`not understood: ${operand}`);
    return resourceName(request).startsWith(JSON.parse(literal));
  });
}

/** As IAM has it in conditions: with the project's number. */
function resourceName({ permission, secret, location }: GoogleRequest): string {
  const project = `projects/${PROJECT.number}${location === undefined ? "" : `/locations/${location}`}`;
  if (secret === undefined) return project;
  return `${project}/secrets/${secret}${permission === "secretmanager.versions.access" ? "/versions/7" : ""}`;
}
