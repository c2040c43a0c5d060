/** A Google Cloud whose service accounts, bindings and roles are those that a program has registered by now. */
import { googleAllows } from "../components/gcp/google-access.ts";
import type { ClusterIssuer } from "../ground/cluster-issuer.ts";
import { type GoogleEmulator, googleEnvironment, startGoogleEmulator } from "../ground/gcp/index.ts";
import { ACCOUNTS } from "../ground/pulumi/cloud-provider/resource-kinds.ts";
import { type CloudRegistry, type Registration, startCloudRegistry } from "../ground/pulumi/cloud-registry.ts";

/** The stand-in provider's project. */
export const GOOGLE_PROJECT = { id: ACCOUNTS.googleProject, number: ACCOUNTS.googleProjectNumber };
export const CLUSTER = { location: "europe-west3", name: "main" };

const TYPE = {
  account: "gcp:serviceaccount/account:Account",
  impersonation: "gcp:serviceaccount/iAMMember:IAMMember",
  secretMember: "gcp:secretmanager/secretIamMember:SecretIamMember",
  projectMember: "gcp:projects/iAMMember:IAMMember",
} as const;

export interface RegisteredGoogle {
  readonly emulator: GoogleEmulator;
  readonly registry: CloudRegistry;
  /** For the controller: Google's addresses. */
  readonly env: Readonly<Record<string, string>>;
  /** Role and secret of each binding on a secret; role and condition of each on the project; in order. */
  bindings(): readonly string[];
  stop(): Promise<void>;
}

export async function startRegisteredGoogle({ jwks }: ClusterIssuer): Promise<RegisteredGoogle> {
  const emulator = await startGoogleEmulator({
    project: GOOGLE_PROJECT.id,
    projectNumber: GOOGLE_PROJECT.number,
  });
  const cluster = `projects/${GOOGLE_PROJECT.id}/locations/${CLUSTER.location}/clusters/${CLUSTER.name}`;
  const provider = `https://container.googleapis.com/v1/${cluster}`;
  emulator.addCluster({ pool: `${GOOGLE_PROJECT.id}.svc.id.goog`, provider, jwks });
  const registry = await startCloudRegistry((resources) => follow(emulator, resources));
  const members = (type: string, of: (properties: Registration["properties"]) => unknown) =>
    registry.resources(type).map(({ properties }) => `${properties.role} ${of(properties)}`);
  return {
    emulator,
    registry,
    env: googleEnvironment(emulator.endpoint),
    bindings: () =>
      [
        ...members(TYPE.secretMember, ({ secretId }) => secretId),
        ...members(TYPE.projectMember, ({ condition }) => expressionOf(condition)),
      ].toSorted(),
    async stop() {
      await Promise.all([emulator.stop(), registry.stop()]);
    },
  };
}

function expressionOf(condition: unknown): string {
  return (condition as { readonly expression: string } | undefined)?.expression ?? "always";
}

function follow({ principals }: GoogleEmulator, resources: readonly Registration[]): void {
  const registered = resources.map(({ type, urn: name, properties: inputs }) => ({ type, name, inputs }));
  for (const { properties: account } of resources.filter(({ type }) => type === TYPE.account)) {
    const mayActAsIt = registered.filter(
      ({ type, inputs }) => type === TYPE.impersonation && inputs.serviceAccountId === account.name,
    );
    const email = String(account.email);
    const impersonators = mayActAsIt.map(({ inputs }) => String(inputs.member));
    principals.createAccount(email, impersonators);
    principals.grant(`serviceAccount:${email}`, (permission, resource) => {
      const secret = /\/secrets\/([^/]+)/.exec(resource)?.[1];
      const request = { permission, ...(secret === undefined ? {} : { secret }) };
      return googleAllows(registered, `serviceAccount:${email}`, request, GOOGLE_PROJECT);
    });
  }
}
