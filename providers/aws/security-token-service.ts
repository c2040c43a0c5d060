/** Roles assumed at AWS STS. */
import type * as Sts from "@aws-sdk/client-sts";
import { Transient } from "../errors.ts";
import { type CallLimits, type CallSubject, callAws } from "./aws-call.ts";
import { type ConnectionOptions, clientOptions } from "./connection.ts";
import type { AwsCredentials, CredentialSource } from "./credential-cache.ts";

/** A role to assume, and how. */
export interface RoleRequest {
  readonly roleArn: string;
  /** The field that names the role, for errors. */
  readonly field: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
  /** Default 3600, which is the most that a role assumed from a role may have. */
  readonly durationSeconds?: number;
}

/** Assumes roles; one per opened store. */
export interface SecurityTokenService {
  /** As whom `source` gives credentials for. */
  assumeRole(source: CredentialSource, request: RoleRequest, signal: AbortSignal): Promise<AwsCredentials>;
  /** As the subject of a token. */
  assumeRoleWithWebIdentity(token: string, request: RoleRequest, signal: AbortSignal): Promise<AwsCredentials>;
  close(): void;
}

/** ESO's session name: CloudTrail queries and trust policies may know it. */
const SESSION_NAME = "external-secrets-provider-aws";
const DURATION_SECONDS = 3_600;

/** Loads the client library on first use. */
export function createSecurityTokenService(connection: ConnectionOptions, limits: CallLimits): SecurityTokenService {
  const clients = new Set<Sts.STSClient>();
  const send = async (
    credentials: AwsCredentials | undefined,
    subject: CallSubject,
    signal: AbortSignal,
    command: (sts: typeof Sts, client: Sts.STSClient, options: { abortSignal: AbortSignal }) => Promise<StsAnswer>,
  ) => {
    const sts = await import("@aws-sdk/client-sts");
    const client = new sts.STSClient({
      ...(await clientOptions(connection, connection.stsEndpoint)),
      // Roles with a web identity are assumed unsigned; the library asks for credentials nonetheless.
      credentials: credentials ?? { accessKeyId: "", secretAccessKey: "" },
    });
    clients.add(client);
    try {
      const answer = await callAws(limits, subject, signal, (abortSignal) => command(sts, client, { abortSignal }));
      return readCredentials(answer, subject);
    } finally {
      clients.delete(client);
      client.destroy();
    }
  };
  return {
    async assumeRole(source, request, signal) {
      const credentials = await source(signal);
      return send(credentials, subjectOf("AssumeRole", request), signal, (sts, client, options) =>
        client.send(new sts.AssumeRoleCommand({ ...inputOf(request), ...sessionOf(request) }), options),
      );
    },
    assumeRoleWithWebIdentity(token, request, signal) {
      return send(undefined, subjectOf("AssumeRoleWithWebIdentity", request), signal, (sts, client, options) =>
        client.send(
          new sts.AssumeRoleWithWebIdentityCommand({ ...inputOf(request), WebIdentityToken: token }),
          options,
        ),
      );
    },
    close() {
      for (const client of clients) client.destroy();
    },
  };
}

interface StsAnswer {
  readonly Credentials?: Sts.Credentials | undefined;
}

function inputOf(request: RoleRequest) {
  return {
    RoleArn: request.roleArn,
    RoleSessionName: request.sessionName ?? SESSION_NAME,
    DurationSeconds: request.durationSeconds ?? DURATION_SECONDS,
  };
}

function sessionOf(request: RoleRequest) {
  const tags = Object.entries(request.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return {
    ...(request.externalId === undefined ? {} : { ExternalId: request.externalId }),
    ...(tags.length === 0 ? {} : { Tags: tags, TransitiveTagKeys: [...(request.transitiveTagKeys ?? [])] }),
  };
}

function subjectOf(action: string, request: RoleRequest): CallSubject {
  return {
    service: "sts",
    action,
    resource: request.roleArn,
    field: request.field,
    accessRemedy: `let the role's trust policy allow sts:${action} for this identity, or correct ${request.field}`,
  };
}

function readCredentials(answer: StsAnswer, subject: CallSubject): AwsCredentials {
  const { AccessKeyId: id, SecretAccessKey: secret, SessionToken: token, Expiration: end } = answer.Credentials ?? {};
  if (id === undefined || secret === undefined) {
    throw new Transient(`AWS ${subject.action} answered without credentials`);
  }
  return {
    accessKeyId: id,
    secretAccessKey: secret,
    ...(token === undefined ? {} : { sessionToken: token }),
    ...(end === undefined ? {} : { expiration: end }),
  };
}
