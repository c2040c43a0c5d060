/** The emulated Security Token Service: GetCallerIdentity, AssumeRole, AssumeRoleWithWebIdentity. */
import { AwsFault, type AwsRequest, type AwsResponse, escapeXml, queryResponse } from "../aws-message.ts";
import { type Caller, type Identities, matches, type RoleDefinition, type Session } from "./identities.ts";
import { checkWebIdentityToken, type WebIdentityTrust } from "./web-identity.ts";

/** What the service needs. */
export interface StsOptions {
  readonly identities: Identities;
  readonly trust: () => WebIdentityTrust;
  readonly now: () => number;
}

const MIN_DURATION_SECONDS = 900;
const MAX_DURATION_SECONDS = 43_200;
const MAX_CHAINED_SECONDS = 3_600;

/** Answers one request; throws an `AwsFault` otherwise. */
export function handleSts(request: AwsRequest, options: StsOptions): AwsResponse {
  const form = new URLSearchParams(request.body.toString("utf8"));
  switch (request.action) {
    case "GetCallerIdentity": {
      const caller = options.identities.authenticate(request);
      return queryResponse(
        "GetCallerIdentity",
        `<Arn>${escapeXml(caller.arn)}</Arn><UserId>${caller.userId}</UserId><Account>${caller.account}</Account>`,
      );
    }
    case "AssumeRole":
      return assumeRole(form, options.identities.authenticate(request), options);
    case "AssumeRoleWithWebIdentity":
      return assumeRoleWithWebIdentity(form, options);
    default:
      throw new AwsFault("InvalidAction", `Could not find operation ${request.action} for version 2011-06-15`);
  }
}

function assumeRole(form: URLSearchParams, caller: Caller, options: StsOptions): AwsResponse {
  const roleArn = form.get("RoleArn") ?? "";
  const role = options.identities.findRole(roleArn);
  const externalId = form.get("ExternalId") ?? undefined;
  const trusted =
    role !== undefined &&
    (role.trustedPrincipals ?? ["*"]).some((pattern) => matches(pattern, caller.arn)) &&
    (role.externalId === undefined || role.externalId === externalId);
  if (!trusted) {
    throw new AwsFault(
      "AccessDenied",
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    );
  }
  const durationSeconds = readDuration(form, caller.session === undefined ? MAX_DURATION_SECONDS : MAX_CHAINED_SECONDS);
  const tags = { ...inheritedTags(caller.session), ...readTags(form) };
  return openSession("AssumeRole", role, durationSeconds, options, {
    roleArn,
    sessionName: readSessionName(form),
    assumedBy: caller.arn,
    ...(externalId === undefined ? {} : { externalId }),
    tags,
    transitiveTagKeys: [...(caller.session?.transitiveTagKeys ?? []), ...readMembers(form, "TransitiveTagKeys")],
  });
}

function assumeRoleWithWebIdentity(form: URLSearchParams, options: StsOptions): AwsResponse {
  const roleArn = form.get("RoleArn") ?? "";
  const claims = checkWebIdentityToken(form.get("WebIdentityToken") ?? "", options.trust(), options.now());
  const role = options.identities.findRole(roleArn);
  const trusted =
    role !== undefined && (role.trustedSubjects ?? ["*"]).some((pattern) => matches(pattern, claims.subject));
  if (!trusted) throw new AwsFault("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403);
  const extra =
    `<SubjectFromWebIdentityToken>${escapeXml(claims.subject)}</SubjectFromWebIdentityToken>` +
    `<Provider>${escapeXml(claims.issuer)}</Provider><Audience>${escapeXml(claims.audiences[0] ?? "")}</Audience>`;
  const session = {
    roleArn,
    sessionName: readSessionName(form),
    assumedBy: `web-identity:${claims.subject}`,
    tags: {},
    transitiveTagKeys: [],
  };
  return openSession(
    "AssumeRoleWithWebIdentity",
    role,
    readDuration(form, MAX_DURATION_SECONDS),
    options,
    session,
    extra,
  );
}

function openSession(
  action: string,
  role: RoleDefinition,
  durationSeconds: number,
  options: StsOptions,
  session: Omit<Session, "expiresAtMs">,
  extra = "",
): AwsResponse {
  // Whole seconds, as AWS reports them.
  const expiresAtMs = Math.floor(options.now() / 1000) * 1000 + durationSeconds * 1000;
  const issued = options.identities.openSession(role, { ...session, expiresAtMs });
  return queryResponse(
    action,
    `<AssumedRoleUser><AssumedRoleId>AROA${issued.id.slice(4)}:${escapeXml(session.sessionName)}</AssumedRoleId>` +
      `<Arn>${escapeXml(issued.arn)}</Arn></AssumedRoleUser>` +
      `<Credentials><AccessKeyId>${issued.id}</AccessKeyId><SecretAccessKey>${escapeXml(issued.secret)}</SecretAccessKey>` +
      `<SessionToken>${escapeXml(issued.token)}</SessionToken>` +
      `<Expiration>${new Date(expiresAtMs).toISOString()}</Expiration></Credentials>${extra}`,
  );
}

function readDuration(form: URLSearchParams, maximumSeconds: number): number {
  const seconds = Number(form.get("DurationSeconds") ?? MAX_CHAINED_SECONDS);
  if (!(seconds >= MIN_DURATION_SECONDS)) {
    throw validation(
      `Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to ${MIN_DURATION_SECONDS}`,
    );
  }
  if (seconds > maximumSeconds) {
    throw validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  return seconds;
}

function readSessionName(form: URLSearchParams): string {
  const name = form.get("RoleSessionName") ?? "";
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw validation(
      "The specified value for roleSessionName is invalid. It must contain only alphanumeric characters or the following: +=,.@-",
    );
  }
  return name;
}

function readTags(form: URLSearchParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let index = 1; form.has(`Tags.member.${index}.Key`); index++) {
    tags[form.get(`Tags.member.${index}.Key`) ?? ""] = form.get(`Tags.member.${index}.Value`) ?? "";
  }
  return tags;
}

function readMembers(form: URLSearchParams, name: string): readonly string[] {
  const members: string[] = [];
  for (let index = 1; form.has(`${name}.member.${index}`); index++)
    members.push(form.get(`${name}.member.${index}`) ?? "");
  return members;
}

function inheritedTags(session: Session | undefined): Record<string, string> {
  const keys = session?.transitiveTagKeys ?? [];
  return Object.fromEntries(Object.entries(session?.tags ?? {}).filter(([key]) => keys.includes(key)));
}

function validation(message: string): AwsFault {
  return new AwsFault("ValidationError", message);
}
