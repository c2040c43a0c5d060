/** One parameter as the emulated operations show it. */
import type { ParameterVersion, StoredParameter } from "./parameter-table.ts";
import { epochSeconds } from "./secret-table.ts";

/** With its value; a SecureString that is not decrypted shows what no one can read. */
export function parameterEntry(
  parameter: StoredParameter,
  { version, value, type, modifiedAtMs }: ParameterVersion,
  isDecrypted: boolean,
  selector?: string,
): object {
  return {
    ARN: parameter.arn,
    Name: parameter.name,
    Type: type,
    Value: type === "SecureString" && !isDecrypted ? Buffer.from(`kms:${parameter.keyId}`).toString("base64") : value,
    Version: version,
    Selector: selector,
    LastModifiedDate: epochSeconds(modifiedAtMs),
    DataType: "text",
  };
}

/** Without its value. */
export function parameterDescription(
  parameter: StoredParameter,
  { version, type, modifiedAtMs }: ParameterVersion,
): object {
  return {
    ARN: parameter.arn,
    Name: parameter.name,
    Type: type,
    KeyId: parameter.keyId,
    Description: parameter.description,
    Version: version,
    Tier: parameter.tier,
    LastModifiedDate: epochSeconds(modifiedAtMs),
    DataType: "text",
    Policies: [],
  };
}
