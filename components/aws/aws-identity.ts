/** The IAM role that a store reads as, and who may take it on. */
import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { all, type ComponentResource, type Input, type Output, output, type Resource } from "@pulumi/pulumi";
import { definedFields } from "../defined-fields.ts";
import type { StoreServiceAccount } from "../keyless-store.ts";
import type { AwsProviderArgs } from "../spec-args.generated.ts";

/** The service account of the store, by the cluster's OIDC provider (IRSA). */
export interface IrsaArgs {
  /** ARN of the IAM OIDC provider of the cluster: `…:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE`. */
  readonly oidcProviderArn: Input<string>;
  /** The issuer, with or without `https://`. Default: what follows `oidc-provider/` in the ARN. */
  readonly issuer?: Input<string>;
}

/** The controller's own service account, by EKS Pod Identity: one such store for each controller. */
export interface PodIdentityArgs {
  /** Name of the EKS cluster; its add-on `eks-pod-identity-agent` must be there. */
  readonly clusterName: Input<string>;
  /** Namespace of the controller. Default: external-secrets. */
  readonly namespace?: Input<string>;
  /** Service account of the controller. Default: external-secrets. */
  readonly serviceAccount?: Input<string>;
}

/** Whatever identity the controller has already; it assumes the role of the store. */
export interface AssumedByArgs {
  /** ARN of the controller's role, which must be allowed `sts:AssumeRole` on the output `roleArn`. */
  readonly controllerRoleArn: Input<string>;
}

/** Who takes on the role: exactly one way. */
export type AwsIdentityArgs =
  | {
      /** A service account of the store's own, by the OIDC provider of the cluster. */
      readonly irsa: IrsaArgs;
      readonly podIdentity?: never;
      readonly assumedBy?: never;
    }
  | {
      /** The controller's service account, by EKS Pod Identity. */
      readonly podIdentity: PodIdentityArgs;
      readonly irsa?: never;
      readonly assumedBy?: never;
    }
  | {
      /** A role that the controller has already. */
      readonly assumedBy: AssumedByArgs;
      readonly irsa?: never;
      readonly podIdentity?: never;
    };

/** How the role is made. */
export interface AwsRoleArgs {
  /** Default: one that Pulumi makes of the component's name. */
  readonly name?: Input<string>;
  /** IAM path. Default: `/`. */
  readonly path?: Input<string>;
  /** ARN of a permissions boundary. Default: none. */
  readonly permissionsBoundary?: Input<string>;
  /** Default: none. */
  readonly tags?: Input<Record<string, Input<string>>>;
}

/** A role, and what the store and the service account have to say of it. */
export interface AwsIdentity {
  readonly role: Role;
  /** Parts of the store's `aws` block. */
  readonly provider: Pick<AwsProviderArgs, "auth" | "role">;
  readonly annotations: Readonly<Record<string, Output<string>>>;
  /** Whether the store acts as a service account of its own. */
  readonly usesServiceAccount: boolean;
  /** The store is made after them. */
  readonly resources: readonly Resource[];
}

/** @param kind a ClusterSecretStore names the namespace of its service account. */
export function awsIdentity(
  name: string,
  args: { readonly identity: AwsIdentityArgs; readonly role?: AwsRoleArgs },
  account: StoreServiceAccount,
  kind: "SecretStore" | "ClusterSecretStore",
  parent: ComponentResource,
): AwsIdentity {
  const { identity } = args;
  const role = new Role(
    name,
    {
      assumeRolePolicy: trustPolicy(identity, account),
      description: `Read by the secret store ${name}`,
      ...definedFields({ ...args.role }),
    },
    { parent },
  );
  const base = { role, provider: {}, annotations: {}, usesServiceAccount: false, resources: [role] };
  if (identity.assumedBy !== undefined) return { ...base, provider: { role: role.arn } };
  if (identity.podIdentity !== undefined) {
    const association = podIdentityAssociation(name, identity.podIdentity, role, parent);
    return { ...base, resources: [role, association] };
  }
  const serviceAccountRef = {
    name: account.name,
    ...(kind === "ClusterSecretStore" ? { namespace: account.namespace } : {}),
  };
  return {
    ...base,
    provider: { auth: { jwt: { serviceAccountRef } } },
    annotations: { "eks.amazonaws.com/role-arn": role.arn },
    usesServiceAccount: true,
  };
}

function podIdentityAssociation(
  name: string,
  args: PodIdentityArgs,
  role: Role,
  parent: ComponentResource,
): PodIdentityAssociation {
  const { clusterName, namespace, serviceAccount } = controllerOf(args);
  return new PodIdentityAssociation(name, { clusterName, namespace, serviceAccount, roleArn: role.arn }, { parent });
}

function controllerOf({
  clusterName,
  namespace = "external-secrets",
  serviceAccount = "external-secrets",
}: PodIdentityArgs) {
  return { clusterName, namespace, serviceAccount };
}

function trustPolicy(identity: AwsIdentityArgs, account: StoreServiceAccount): Output<string> {
  if (identity.irsa !== undefined) return webIdentityTrust(identity.irsa, account);
  if (identity.podIdentity !== undefined) {
    return output(controllerOf(identity.podIdentity)).apply(({ namespace, serviceAccount }) =>
      trust(
        ["sts:AssumeRole", "sts:TagSession"],
        { Service: "pods.eks.amazonaws.com" },
        {
          "aws:RequestTag/kubernetes-namespace": namespace,
          "aws:RequestTag/kubernetes-service-account": serviceAccount,
        },
      ),
    );
  }
  return output(identity.assumedBy.controllerRoleArn).apply((AWS) => trust(["sts:AssumeRole"], { AWS }));
}

function webIdentityTrust({ oidcProviderArn, issuer }: IrsaArgs, account: StoreServiceAccount): Output<string> {
  return all([oidcProviderArn, issuer, account.subject]).apply(([Federated, given, subject]) => {
    const host = (given ?? Federated.slice(Federated.indexOf("oidc-provider/") + "oidc-provider/".length)).replace(
      /^https:\/\//,
      "",
    );
    if (given === undefined && !Federated.includes("oidc-provider/")) {
      throw new Error(`identity.irsa.oidcProviderArn: "${Federated}" is no ARN of an IAM OIDC provider`);
    }
    return trust(
      ["sts:AssumeRoleWithWebIdentity"],
      { Federated },
      {
        [`${host}:aud`]: "sts.amazonaws.com",
        [`${host}:sub`]: subject,
      },
    );
  });
}

function trust(
  Action: readonly string[],
  Principal: Readonly<Record<string, string>>,
  equal?: Readonly<Record<string, string>>,
): string {
  const Condition = equal === undefined ? {} : { Condition: { StringEquals: equal } };
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal, Action, ...Condition }] });
}
