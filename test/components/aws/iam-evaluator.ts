/** Decides requests by IAM policies as AWS does: an explicit deny wins, an allow is needed, all else is denied. */

/** What is asked for. */
export interface IamRequest {
  /** `secretsmanager:GetSecretValue` */
  readonly action: string;
  /** The ARN; `*` where the action knows no resource. */
  readonly resource: string;
  /** Condition keys, such as `aws:ResourceTag/team`; keys are compared without case, as IAM does. */
  readonly context?: Readonly<Record<string, string>>;
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

type OneOrMany = string | readonly string[];

/** @param documents policies as JSON. @throws Error for an operator that it does not know, and a document without statements. */
export function isAllowed(documents: readonly string[], request: IamRequest): boolean {
  const statements = documents.flatMap(statementsOf).filter((statement) => applies(statement, request));
  return statements.some(({ Effect }) => Effect === "Allow") && !statements.some(({ Effect }) => Effect === "Deny");
}

function statementsOf(document: string): readonly Statement[] {
  const { Version, Statement: given } = JSON.parse(document) as { Version: string; Statement: Statement | Statement[] };
  const statements = Array.isArray(given) ? given : [given];
  if (Version !== "2012-10-17") throw new Error(`${Version} has no policy variables`);
  if (statements.length === 0) throw new Error("MalformedPolicyDocument: no statement");
  for (const { Action, NotAction, Resource, NotResource } of statements) {
    if ([Action, NotAction].every((part) => part === undefined || part.length === 0)) throw new Error("no action");
    if ([Resource, NotResource].every((part) => part === undefined || part.length === 0))
      throw new Error("no resource");
  }
  return statements;
}

function applies({ Action, NotAction, Resource, NotResource, Condition }: Statement, request: IamRequest): boolean {
  const action = request.action.toLowerCase();
  const fitsAction = (pattern: string) => like(pattern.toLowerCase(), action, {});
  const fitsResource = (pattern: string) => like(pattern, request.resource, request.context ?? {});
  return (
    (Action === undefined ? !many(NotAction).some(fitsAction) : many(Action).some(fitsAction)) &&
    (Resource === undefined ? !many(NotResource).some(fitsResource) : many(Resource).some(fitsResource)) &&
    Object.entries(Condition ?? {}).every(([operator, tests]) =>
      Object.entries(tests).every(([key, values]) => holds(operator, key, many(values), request.context ?? {})),
    )
  );
}

function holds(operator: string, key: string, values: readonly string[], context: Readonly<Record<string, string>>) {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  const [, negation = "", comparison = "", ifExists = ""] =
    /^String(Not)?(Equals|Like|EqualsIgnoreCase)(IfExists)?$/.exec(operator) ?? [];
  if (comparison === "") throw new Error(`the operator ${operator} is not known`);
  if (found === undefined) return ifExists !== "" || negation !== "";
  const fits = values.some((value) => {
    if (comparison === "Like") return like(value, found, context);
    const wanted = withVariables(value, context);
    return comparison === "Equals" ? wanted === found : wanted.toLowerCase() === found.toLowerCase();
  });
  return fits !== (negation !== "");
}

/** `*` any characters, `?` one; `${*}`, `${?}` and `${$}` themselves; `${key}` the value of a condition key. */
function like(pattern: string, text: string, context: Readonly<Record<string, string>>): boolean {
  const source = pattern.replaceAll(/\$\{([^}]*)\}|[*?]|[^*?$]+|\$/g, (part, variable: string | undefined) => {
    if (variable !== undefined) return escaped(withVariables(part, context));
    if (part === "*") return "[\\s\\S]*";
    return part === "?" ? "[\\s\\S]" : escaped(part);
  });
  return new RegExp(`^${source}$`).test(text);
}

function withVariables(value: string, context: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => (/^[*?$]$/.test(name) ? name : (context[name] ?? "")));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function many(values: OneOrMany | undefined): readonly string[] {
  return values === undefined ? [] : typeof values === "string" ? [values] : values;
}
