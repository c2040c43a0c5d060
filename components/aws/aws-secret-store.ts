/** AwsSecretStore: a store of AWS, the role that reads it, and a policy of exactly what is read. */
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { Policy } from "@pulumi/aws/iam/policy.js";
import type { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import {
  all,
  type ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { definedFields } from "../defined-fields.ts";
import type { RemoteRead } from "../grants/remote-read.ts";
import { type KeylessStoreArgs, storeServiceAccount } from "../keyless-store.ts";
import { KeylessStoreComponent } from "../keyless-store-component.ts";
import { type AwsIdentityArgs, type AwsRoleArgs, awsIdentity } from "./aws-identity.ts";
import { type PolicyDocuments, policyDocuments } from "./policy-documents.ts";
import { type AwsSecretService, broadFinds, canonicalAwsKey, readStatements } from "./read-statements.ts";

/** Arguments of `AwsSecretStore`. */
export interface AwsSecretStoreArgs extends KeylessStoreArgs {
  /** Service that holds the secrets. */
  readonly service: AwsSecretService;
  /** Region of the secrets, such as eu-central-1. */
  readonly region: Input<string>;
  /** Who takes on the role that reads: a service account (IRSA), the controller (Pod Identity), or another role. */
  readonly identity: AwsIdentityArgs;
  /** How the role is made. Default: named by Pulumi, with nothing else. */
  readonly role?: AwsRoleArgs;
  /** Put before every key, also of `grants`. Default: none. */
  readonly prefix?: Input<string>;
  /** Account of the secrets: twelve digits. Default: that of the AWS provider. */
  readonly accountId?: Input<string>;
  /**
   * ARNs of the KMS keys that the secrets are encrypted with; decrypting is allowed through the service only.
   * Default: none, which is right for the keys that AWS manages.
   */
  readonly kmsKeyArns?: Input<Input<string>[]>;
}

const TOKEN = "external-secrets:aws:AwsSecretStore";

/**
 * A SecretStore or ClusterSecretStore of AWS Secrets Manager or Parameter Store that stores no credential. Its role may
 * read exactly what the program's ExternalSecrets read through `ref` (or `store: this`); the policy grows and shrinks with
 * them in the same `up`, and is there before the store.
 */
export class AwsSecretStore extends KeylessStoreComponent {
  /** The role that reads. */
  declare readonly roleArn: Output<string>;
  /** For further policies of the role. */
  declare readonly roleName: Output<string>;
  /** The policies of the role as JSON: the inline one first. */
  declare readonly policies: Output<readonly string[]>;

  /** @throws Error where `grants.secrets` and `grants.additional` are both set; in Outputs where no policy has room. */
  constructor(name: string, args: AwsSecretStoreArgs, options?: ComponentResourceOptions) {
    super({ token: TOKEN, canonicalKey: canonicalAwsKey(args.service) }, name, args, options);
    const { granted } = this.plan;
    const identity = awsIdentity(name, args, storeServiceAccount(name, args), args.kind ?? "SecretStore", this);
    const accountId = args.accountId ?? getCallerIdentityOutput({}, { parent: this }).accountId;
    const documents = documentsOf(this.title, args, accountId, granted);
    const known = documentsOf(
      this.title,
      args,
      accountId,
      this.plan.known.apply((own) => own.granted as readonly RemoteRead[]),
    );
    this.complete(
      identity.usesServiceAccount ? args : { ...args, serviceAccount: { create: false } },
      {
        provider: { aws: { service: args.service, region: args.region, ...prefixOf(args), ...identity.provider } },
        annotations: identity.annotations,
        identityResources: identity.resources,
        grants: {
          resources: registeredPolicies(name, identity.role, documents, known, this),
          warnings: all([granted, args.prefix]).apply(([reads, prefix]) =>
            broadFinds(args.service, prefix ?? "", reads as readonly RemoteRead[]),
          ),
        },
      },
      {
        roleArn: identity.role.arn,
        roleName: identity.role.name,
        policies: documents.apply(({ inline, managed }) => [inline, ...managed]),
      },
    );
  }
}

function prefixOf({ prefix }: AwsSecretStoreArgs) {
  return definedFields({ prefix });
}

function documentsOf(
  title: string,
  args: AwsSecretStoreArgs,
  accountId: Input<string>,
  granted: Output<readonly RemoteRead[]>,
): Output<PolicyDocuments> {
  const place = { region: args.region, accountId, prefix: args.prefix ?? "", kmsKeyArns: args.kmsKeyArns ?? [] };
  return all([granted, place]).apply(([reads, resolved]) =>
    policyDocuments(readStatements({ service: args.service, ...resolved }, reads as readonly RemoteRead[]), title),
  );
}

/** How many policies there are beyond the inline one is known with the names; a preview has those of the `known` names. */
function registeredPolicies(
  name: string,
  role: Role,
  documents: Output<PolicyDocuments>,
  known: Output<PolicyDocuments>,
  parent: ComponentResource,
): Output<Resource[]> {
  const inline = new RolePolicy(
    name,
    { role: role.name, policy: documents.apply((packed) => packed.inline) },
    { parent },
  );
  const overflow = known.apply(({ managed }) =>
    managed.map((_, index) => {
      const part = `${name}-${index + 2}`;
      const policy = documents.apply((packed) => packed.managed[index] ?? "");
      const { arn: policyArn } = new Policy(part, { policy }, { parent });
      return new RolePolicyAttachment(part, { role: role.name, policyArn }, { parent });
    }),
  );
  return overflow.apply((attachments) => [inline, ...(attachments as Resource[])]) as Output<Resource[]>;
}
