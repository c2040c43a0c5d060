/** A workload identity pool at the emulator of Google's services, with a cluster and AWS as its providers. */
import { after, before } from "node:test";
import type { Surroundings } from "../contract/store-context.ts";
import { type AwsEmulator, startAwsEmulator } from "../ground/aws/index.ts";
import { createTokenIssuer, type TokenClaims } from "../ground/aws/web-identity-tokens.ts";
import { PROJECT_NUMBER } from "../ground/gcp/index.ts";
import { type GcpAuth, type GoogleBench, limit, textOf, useGoogle } from "./gcpsm-surroundings.ts";

export type Federation = NonNullable<GcpAuth["workloadIdentityFederation"]>;

export const POOL = `//iam.googleapis.com/projects/${PROJECT_NUMBER}/locations/global/workloadIdentityPools/pool`;
/** Of service accounts. */
export const AUDIENCE = `${POOL}/providers/cluster`;
export const AWS_AUDIENCE = `${POOL}/providers/aws`;
export const SUBJECT = "system:serviceaccount:team:app";
/** The principal of `SUBJECT`, which may read. */
export const MEMBER = `principal:${POOL}/subject/${SUBJECT}`;
export const READ = ["secretmanager.versions.access"];
/** AWS identities that may read: the user of the example credentials, and the session of a role. */
const AWS_IDENTITIES = ["iam::123456789012:user/user", "sts::123456789012:assumed-role/eso/session"];

export interface PoolBench extends Pick<GoogleBench, "emulator"> {
  readonly aws: () => AwsEmulator;
  /** A token of the cluster for `SUBJECT`, with other claims where given. */
  token(claims?: TokenClaims): string;
  /** What a store with that block reads: `v` where it may. */
  read(federation: Federation, surroundings?: Surroundings): Promise<string>;
}

/** Starts the emulators for the tests of the file. */
export function usePool(): PoolBench {
  const google = useGoogle();
  const issuer = createTokenIssuer();
  let running: AwsEmulator | undefined;
  before(async () => {
    running = await startAwsEmulator();
    const emulator = google.emulator();
    emulator.addProvider({ audience: AUDIENCE, oidc: { issuer: "https://cluster", jwks: issuer.jwks } });
    emulator.addProvider({ audience: AWS_AUDIENCE, awsEndpoint: running.endpoint });
    const identities = AWS_IDENTITIES.map((identity) => `principal:${POOL}/subject/arn:aws:${identity}`);
    for (const principal of [MEMBER, ...identities]) emulator.principals.grant(principal, READ);
    emulator.put("of-the-pool", "v");
  });
  after(() => running?.stop());
  return {
    emulator: google.emulator,
    aws() {
      if (running === undefined) throw new Error("the emulator has not been started");
      return running;
    },
    token(claims = {}) {
      const exp = Date.now() / 1_000 + 600;
      return issuer.issue({ iss: "https://cluster", sub: SUBJECT, aud: AUDIENCE, exp, ...claims });
    },
    async read(workloadIdentityFederation, surroundings = {}) {
      const client = await google.open({ auth: { workloadIdentityFederation } }, surroundings);
      return textOf(client.getSecret({ key: "of-the-pool" }, limit()));
    },
  };
}
