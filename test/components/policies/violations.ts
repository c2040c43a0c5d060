/** Judges resources by a policy as Pulumi does, without its engine. */
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";

/** A resource and where it is. */
export interface Judged {
  readonly props: Record<string, unknown>;
  /** Default: ExternalSecret. */
  readonly kind?: string;
  /** Default: external-secrets.io/v1. */
  readonly apiVersion?: string;
  /** Default: the type of a custom resource of that version and kind. */
  readonly type?: string;
  /** Default: "resource". */
  readonly name?: string;
  /** Default: "prod". */
  readonly stack?: string;
  readonly stackTags?: Readonly<Record<string, string>>;
  /** The pack's configuration of the policy. */
  readonly config?: object;
}

/** The messages of all violations, in order. */
export async function violations(policy: ResourceValidationPolicy, judged: Judged): Promise<readonly string[]> {
  const { props, kind = "ExternalSecret", apiVersion = "external-secrets.io/v1", name = "resource" } = judged;
  const type = judged.type ?? `kubernetes:${apiVersion}:${kind}`;
  const messages: string[] = [];
  const args: ResourceValidationArgs = {
    type,
    props,
    urn: `urn:pulumi:${judged.stack ?? "prod"}::project::${type}::${name}`,
    name,
    opts: { protect: false, ignoreChanges: [], aliases: [], customTimeouts: NO_TIMEOUTS, additionalSecretOutputs: [] },
    stackTags: new Map(Object.entries(judged.stackTags ?? {})),
    isType: () => false,
    asType: () => undefined,
    getConfig: <T extends object>() => (judged.config ?? {}) as T,
    notApplicable: () => {
      throw new Error("not applicable");
    },
  };
  for (const validate of [policy.validateResource ?? []].flat()) {
    await validate(args, (message) => void messages.push(message));
  }
  return messages;
}

const NO_TIMEOUTS = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };
