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

/** A project by id and number. */
export type GoogleProject = Readonly<typeof PROJECT>;

/** What a program registered: bindings on secrets and on the project, and the roles it made. */
export function googleAllows(
  registered: readonly Registered[],
  member: string,
  request: GoogleRequest,
  project: GoogleProject = PROJECT,
): boolean {
  const customRoles = new Map<string, readonly string[]>(
    registered
      .filter(({ type }) => type === "gcp:projects/iAMCustomRole:IAMCustomRole")
      .flatMap(({ name, inputs }) =>
        [`custom:${name}`, `projects/${project.id}/roles/${inputs.roleId}`].map(
          (role) => [role, inputs.permissions] as const,
        ),
      ),
  );
  return registered.some(({ type, inputs }) => {
    if (inputs.member !== member) return false;
    const permissions = ROLES[inputs.role] ?? customRoles.get(inputs.role) ?? [];
    return (
      permissions.includes(request.permission) &&
      isHeldOn(type, inputs, request, project) &&
      holds(inputs.condition, request, project)
    );
  });
}

/** A binding on the project holds for all in it. */
function isHeldOn(
  type: string,
  inputs: Registered["inputs"],
  { secret, location }: GoogleRequest,
  project: GoogleProject,
): boolean {
  if (inputs.project !== project.id) return false;
  if (type === "gcp:projects/iAMMember:IAMMember") return true;
  const isRegional = type === "gcp:secretmanager/regionalSecretIamMember:RegionalSecretIamMember";
  const isGlobal = type === "gcp:secretmanager/secretIamMember:SecretIamMember";
  if (!isRegional && !isGlobal) return false;
  return inputs.secretId === secret && inputs.location === location;
}

/** The subset of CEL that is used: `resource.name.startsWith("…") || …`. @throws for anything else */
function holds(condition: { expression: string } | undefined, request: GoogleRequest, project: GoogleProject): boolean {
  if (condition === undefined) return true;
  const operands = condition.expression.split(" || ");
  if (operands.length > 13) throw new Error("more than twelve logical operators");
  return operands.some((operand) => {
    const literal = /^resource\.name\.startsWith\(("(?:[^"\\]|\\.)*")\)$/.exec(operand)?.[1];
    if (literal === undefined) throw new Error(`not understood: ${operand}`);
    return resourceName(request, project).startsWith(JSON.parse(literal));
  });
}

/** As IAM has it in conditions: with the project's number. */
function resourceName({ permission, secret, location }: GoogleRequest, { number }: GoogleProject): string {
  const parent = `projects/${number}${location === undefined ? "" : `/locations/${location}`}`;
  if (secret === undefined) return parent;
  return `${parent}/secrets/${secret}${permission === "secretmanager.versions.access" ? "/versions/7" : ""}`;
}
