/** Packs statements into as many documents as AWS's limits need. Pure. */
import type { PolicyStatement } from "./policy-statement.ts";

/** Characters of all inline policies of a role. */
export const INLINE_LIMIT = 10_240;

/** Characters of one managed policy. */
export const MANAGED_LIMIT = 6_144;

/** Managed policies that a role may have, unless AWS has raised the quota. */
export const MANAGED_POLICIES_LIMIT = 10;

const VERSION = "2012-10-17";

/** IAM takes no document without a statement; this one allows what everyone may. */
const NOTHING: PolicyStatement = {
  ...{ Sid: "NothingIsRead", Effect: "Allow", Action: ["sts:GetCallerIdentity"], Resource: ["*"] },
};

/** The policies of one role, each as JSON. */
export interface PolicyDocuments {
  /** For the role itself. */
  readonly inline: string;
  /** For managed policies: what does not fit. Mostly empty. */
  readonly managed: readonly string[];
}

/**
 * One inline document, and managed ones for what is beyond its limit. Statements are split at their resources.
 * @param owner for the error: who reads so much.
 * @throws Error where a role cannot hold it, or one resource alone is beyond a limit.
 */
export function policyDocuments(statements: readonly PolicyStatement[], owner: string): PolicyDocuments {
  const documents: (readonly PolicyStatement[])[] = [];
  for (const part of statements.flatMap(partsOf)) {
    const last = documents.at(-1);
    const grown = last === undefined ? undefined : withPart(last, part);
    const limit = documents.length === 1 ? INLINE_LIMIT : MANAGED_LIMIT;
    if (grown !== undefined && text(grown).length <= limit) documents[documents.length - 1] = grown;
    else documents.push([part]);
    if (text([part]).length > MANAGED_LIMIT) {
      throw new Error(`${owner}: the grant of ${part.Resource[0]} is too long for a policy`);
    }
  }
  const [inline = [NOTHING], ...managed] = documents;
  if (managed.length > MANAGED_POLICIES_LIMIT) {
    throw new Error(
      `${owner}: its ExternalSecrets read more than the policies of one role can name (${INLINE_LIMIT} characters inline and ${MANAGED_POLICIES_LIMIT} managed policies of ${MANAGED_LIMIT}; ${managed.length} would be needed): use several stores, or grants: { secrets: [{ kind: "find", path: "…" }] } for a common beginning`,
    );
  }
  return { inline: text(inline), managed: managed.map(text) };
}

/** A statement for each resource. */
function partsOf(statement: PolicyStatement): readonly PolicyStatement[] {
  return statement.Resource.map((resource) => ({ ...statement, Resource: [resource] }));
}

function withPart(document: readonly PolicyStatement[], part: PolicyStatement): readonly PolicyStatement[] {
  const last = document.at(-1);
  if (last?.Sid !== part.Sid) return [...document, part];
  return [...document.slice(0, -1), { ...last, Resource: [...last.Resource, ...part.Resource] }];
}

/** Without any space, which AWS would not count. */
function text(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: VERSION, Statement: statements });
}
