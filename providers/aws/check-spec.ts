/** What is wrong with an `aws` block, without any I/O. */
import type { AwsProviderSpec } from "../../api/stores/aws.ts";

const BLOCK = "spec.provider.aws";
const ROLE_ARN = /^arn:[\w-]+:iam::\d{12}:role\/.+$/;
/** Part of a host name, so that it cannot lead to another host. */
export const REGION = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MIN_RECOVERY_DAYS = 7;
const MAX_RECOVERY_DAYS = 30;

/** One line for each defect, each with the field and the remedy. */
export function checkAwsSpec(spec: AwsProviderSpec): readonly string[] {
  return [...checkService(spec), ...checkRoles(spec), ...checkSecretRef(spec), ...checkDeletion(spec)];
}

function* checkService(spec: AwsProviderSpec): Iterable<string> {
  if (!REGION.test(spec.region)) {
    yield `${BLOCK}.region: ${JSON.stringify(spec.region)} is no AWS region; name one, such as eu-central-1`;
  }
}

function* checkRoles(spec: AwsProviderSpec): Iterable<string> {
  const roles: [string, string | undefined][] = [
    ["role", spec.role],
    ...(spec.additionalRoles ?? []).map((role, index): [string, string] => [`additionalRoles[${index}]`, role]),
  ];
  for (const [field, arn] of roles) {
    if (arn !== undefined && arn !== "" && !ROLE_ARN.test(arn)) {
      yield `${BLOCK}.${field}: ${JSON.stringify(arn)} is no ARN of a role; write arn:aws:iam::ACCOUNT:role/NAME`;
    }
  }
}

function* checkSecretRef(spec: AwsProviderSpec): Iterable<string> {
  const secretRef = spec.auth?.secretRef;
  if (secretRef === undefined) return;
  for (const field of ["accessKeyIDSecretRef", "secretAccessKeySecretRef"] as const) {
    if (secretRef[field] === undefined) {
      yield `${BLOCK}.auth.secretRef.${field}: is missing; name the Secret and the key that hold it`;
    }
  }
}

function* checkDeletion(spec: AwsProviderSpec): Iterable<string> {
  const { forceDeleteWithoutRecovery: force, recoveryWindowInDays: days } = spec.secretsManager ?? {};
  // Zero means unset, as in ESO.
  if (days === undefined || days === 0) return;
  const field = `${BLOCK}.secretsManager.recoveryWindowInDays`;
  if (force === true) yield `${field}: cannot be used with forceDeleteWithoutRecovery; remove one of the two`;
  if (days < MIN_RECOVERY_DAYS || days > MAX_RECOVERY_DAYS) {
    yield `${field}: ${days} is out of range; use ${MIN_RECOVERY_DAYS} to ${MAX_RECOVERY_DAYS}`;
  }
}
