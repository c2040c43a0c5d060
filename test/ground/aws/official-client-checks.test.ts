/** The checks against our emulator, with what AWS documents as the expected results. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type AwsEmulator, startAwsEmulator } from "./index.ts";
import { OFFICIAL_CLIENT_CHECKS } from "./official-client-checks.ts";
import { checkClients, destroyClients } from "./official-clients.ts";
import { PARAMETER_EXPECTATIONS } from "./parameter-expectations.ts";

const NOT_FOUND = { code: "ResourceNotFoundException", status: 400 };

/** By the name of the check. */
const EXPECTED: Readonly<Record<string, unknown>> = {
  "a created string is read back with its stage": {
    SecretString: "one",
    SecretBinary: undefined,
    VersionStages: ["AWSCURRENT"],
  },
  "a created binary is read back byte for byte": { SecretString: undefined, bytes: [0, 1, 128, 255] },
  "a second secret of the same name is refused": { code: "ResourceExistsException", status: 400 },
  "a new value moves AWSCURRENT and leaves AWSPREVIOUS": [
    { SecretString: "two", VersionStages: ["AWSCURRENT"], isPut: true },
    { SecretString: "one", VersionStages: ["AWSPREVIOUS"], isPut: false },
    { SecretString: "two", VersionStages: ["AWSCURRENT"], isPut: true },
  ],
  "a value under another stage leaves AWSCURRENT alone": ["pending", "one"],
  "a stage that is moved back brings the old value back": ["one", "two"],
  "UpdateSecret changes value and description": ["two", "new"],
  "an ARN, and an ARN without its random ending, name the secret": ["one", "one", true],
  "a secret, a version and a stage that are missing are not found": [NOT_FOUND, NOT_FOUND, NOT_FOUND],
  "DescribeSecret shows tags and stages": { Tags: [{ Key: "k", Value: "v" }], stages: ["AWSCURRENT", "AWSPREVIOUS"] },
  "tags are added, replaced and taken away": [
    [
      { Key: "k", Value: "w" },
      { Key: "l", Value: "x" },
    ],
    [{ Key: "l", Value: "x" }],
  ],
  "a secret that is scheduled for deletion cannot be read, and can be restored": [
    { code: "InvalidRequestException", status: 400 },
    true,
    "one",
  ],
  "a secret that is scheduled for deletion is not listed": { names: ["a", "sub/c"], pages: 1 },
  "a forced deletion is final": [NOT_FOUND, true],
  "a forced deletion with a recovery window is refused": { code: "InvalidParameterException", status: 400 },
  "the name filter is a prefix": [
    { names: ["a", "b", "sub/c"], pages: 1 },
    { names: ["sub/c"], pages: 1 },
    { names: ["a", "b"], pages: 1 },
  ],
  "tag filters are ANDed": [
    { names: ["a", "sub/c"], pages: 1 },
    { names: ["sub/c"], pages: 1 },
  ],
  "an exclamation mark negates a value": { names: ["b", "sub/c"], pages: 1 },
  "the description filter is a prefix in any case": [
    { names: ["a"], pages: 1 },
    { names: [], pages: 1 },
  ],
  "the filter over everything looks at names, descriptions and tags": { names: ["a", "b", "sub/c"], pages: 1 },
  "a list comes in pages": { names: ["a", "b", "sub/c"], pages: 3 },
  "a batch by ids gives values, and an error for the missing one": {
    values: [
      ["/a", "one"],
      ["/sub/c", "one"],
    ],
    errors: [["/none", "ResourceNotFoundException"]],
  },
  ...PARAMETER_EXPECTATIONS,
  "a batch of 21 ids is refused": "refused",
  "a batch by filters comes in pages": [2, "string"],
  "GetCallerIdentity names the account": true,
  "an assumed role gives credentials that end": {
    arn: "arn:aws:sts::123456789012:assumed-role/eso/session",
    isTemporary: true,
    hasToken: true,
    isQuarterOfAnHour: true,
  },
};

describe("the official client finds of the AWS emulator that", () => {
  let emulator: AwsEmulator;
  before(async () => {
    emulator = await startAwsEmulator();
  });
  after(() => emulator.stop());

  for (const check of OFFICIAL_CLIENT_CHECKS) {
    test(check.name, async () => {
      const clients = checkClients(emulator.endpoint);
      const result = await check.run(clients);
      destroyClients(clients);
      assert.deepEqual(result, EXPECTED[check.name]);
    });
  }
});
