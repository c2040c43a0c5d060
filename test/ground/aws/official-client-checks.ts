/** What the official client sees of a Secrets Manager and STS: one list of checks, for every server that claims to be one. */
import { randomUUID } from "node:crypto";
import * as sm from "@aws-sdk/client-secrets-manager";
import * as sts from "@aws-sdk/client-sts";
import { EXAMPLE_CREDENTIALS } from "./emulator/aws-emulator.ts";

/** The clients of one server, and a name prefix of its own for each check. */
export interface CheckClients {
  readonly secrets: sm.SecretsManagerClient;
  readonly sts: sts.STSClient;
  readonly prefix: string;
}

/** One check: the result is compared between servers, so it holds nothing that differs by chance. */
export interface OfficialClientCheck {
  readonly name: string;
  run(clients: CheckClients): Promise<unknown>;
  /** Where another emulator (behind our gate) is known to be wrong, and how. */
  readonly defects?: Readonly<Partial<Record<"MiniStack" | "moto", string>>>;
}

/** Clients for a server; destroy both at the end. */
export function checkClients(endpoint: string): CheckClients {
  const config = { endpoint, region: "us-east-1", credentials: EXAMPLE_CREDENTIALS, maxAttempts: 1 };
  return {
    secrets: new sm.SecretsManagerClient(config),
    sts: new sts.STSClient(config),
    prefix: `check-${randomUUID().slice(0, 8)}`,
  };
}

/** The error's code and status in place of a result. */
async function refused(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error && "$metadata" in error) {
      return { code: error.name, status: (error.$metadata as { httpStatusCode?: number }).httpStatusCode };
    }
    throw error;
  }
  return "no error";
}

async function createIn({ secrets, prefix }: CheckClients, input: Partial<sm.CreateSecretCommandInput> = {}) {
  const { Name = "a", ...rest } = input;
  const value = input.SecretBinary === undefined ? { SecretString: "one" } : {};
  return secrets.send(new sm.CreateSecretCommand({ Name: `${prefix}/${Name}`, ...value, ...rest }));
}

function get({ secrets, prefix }: CheckClients, input: Partial<sm.GetSecretValueCommandInput> = {}) {
  return secrets.send(new sm.GetSecretValueCommand({ SecretId: `${prefix}/a`, ...input }));
}

function put({ secrets, prefix }: CheckClients, input: Partial<sm.PutSecretValueCommandInput>) {
  return secrets.send(new sm.PutSecretValueCommand({ SecretId: `${prefix}/a`, ...input }));
}

async function listed({ secrets, prefix }: CheckClients, Filters: sm.Filter[], MaxResults?: number) {
  const names: string[] = [];
  let pages = 0;
  let token: string | undefined;
  do {
    const page: sm.ListSecretsCommandOutput = await secrets.send(
      new sm.ListSecretsCommand({
        Filters,
        ...(MaxResults === undefined ? {} : { MaxResults }),
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const { Name = "" } of page.SecretList ?? []) names.push(Name.replace(`${prefix}/`, ""));
    pages += 1;
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return { names: names.sort(), pages };
}

async function createThree(clients: CheckClients) {
  const env = (Value: string) => ({ Key: "env", Value: `${clients.prefix}-${Value}` });
  await createIn(clients, { Name: "a", Description: "First thing", Tags: [env("dev")] });
  await createIn(clients, { Name: "b", Description: "second thing", Tags: [env("prod")] });
  await createIn(clients, { Name: "sub/c", Tags: [env("dev"), { Key: `${clients.prefix}-team`, Value: "x" }] });
}

const VALUE_CHECKS: readonly OfficialClientCheck[] = [
  {
    name: "a created string is read back with its stage",
    async run(clients) {
      await createIn(clients);
      const { SecretString, SecretBinary, VersionStages } = await get(clients);
      return { SecretString, SecretBinary, VersionStages };
    },
  },
  {
    name: "a created binary is read back byte for byte",
    async run(clients) {
      await createIn(clients, { SecretBinary: new Uint8Array([0, 1, 128, 255]) });
      const { SecretString, SecretBinary } = await get(clients);
      return { SecretString, bytes: [...(SecretBinary ?? [])] };
    },
  },
  {
    name: "a second secret of the same name is refused",
    async run(clients) {
      await createIn(clients);
      return refused(createIn(clients));
    },
  },
  {
    name: "a new value moves AWSCURRENT and leaves AWSPREVIOUS",
    async run(clients) {
      await createIn(clients);
      const token = randomUUID();
      await put(clients, { SecretString: "two", ClientRequestToken: token });
      const current = await get(clients);
      const previous = await get(clients, { VersionStage: "AWSPREVIOUS" });
      const byId = await get(clients, { VersionId: token });
      return [current, previous, byId].map(({ SecretString, VersionStages, VersionId }) => ({
        SecretString,
        VersionStages,
        isPut: VersionId === token,
      }));
    },
  },
  {
    name: "a value under another stage leaves AWSCURRENT alone",
    async run(clients) {
      await createIn(clients);
      await put(clients, { SecretString: "pending", VersionStages: ["AWSPENDING"] });
      const pending = await get(clients, { VersionStage: "AWSPENDING" });
      return [pending.SecretString, (await get(clients)).SecretString];
    },
  },
  {
    name: "a stage that is moved back brings the old value back",
    defects: { moto: "serves the newest value as AWSCURRENT" },
    async run(clients) {
      const { VersionId: first } = await createIn(clients);
      const { VersionId: second } = await put(clients, { SecretString: "two" });
      await clients.secrets.send(
        new sm.UpdateSecretVersionStageCommand({
          SecretId: `${clients.prefix}/a`,
          VersionStage: "AWSCURRENT",
          MoveToVersionId: first,
          RemoveFromVersionId: second,
        }),
      );
      return [(await get(clients)).SecretString, (await get(clients, { VersionStage: "AWSPREVIOUS" })).SecretString];
    },
  },
  {
    name: "UpdateSecret changes value and description",
    async run(clients) {
      await createIn(clients, { Description: "old" });
      const input = { SecretId: `${clients.prefix}/a`, SecretString: "two", Description: "new" };
      await clients.secrets.send(new sm.UpdateSecretCommand(input));
      const { Description } = await clients.secrets.send(new sm.DescribeSecretCommand({ SecretId: input.SecretId }));
      return [(await get(clients)).SecretString, Description];
    },
  },
  {
    name: "an ARN, and an ARN without its random ending, name the secret",
    async run(clients) {
      const { ARN = "" } = await createIn(clients);
      const whole = await get(clients, { SecretId: ARN });
      const partial = await get(clients, { SecretId: ARN.slice(0, -7) });
      return [whole.SecretString, partial.SecretString, /-[A-Za-z0-9]{6}$/.test(ARN)];
    },
  },
  {
    name: "a secret, a version and a stage that are missing are not found",
    async run(clients) {
      await createIn(clients);
      return [
        await refused(get(clients, { SecretId: `${clients.prefix}/none` })),
        await refused(get(clients, { VersionId: randomUUID() })),
        await refused(get(clients, { VersionStage: "NONE" })),
      ];
    },
  },
  {
    name: "DescribeSecret shows tags and stages",
    async run(clients) {
      await createIn(clients, { Tags: [{ Key: "k", Value: "v" }] });
      await put(clients, { SecretString: "two" });
      const answer = await clients.secrets.send(new sm.DescribeSecretCommand({ SecretId: `${clients.prefix}/a` }));
      return {
        Tags: answer.Tags,
        stages: Object.values(answer.VersionIdsToStages ?? {})
          .flat()
          .sort(),
      };
    },
  },
  {
    name: "tags are added, replaced and taken away",
    async run(clients) {
      const SecretId = `${clients.prefix}/a`;
      await createIn(clients, { Tags: [{ Key: "k", Value: "v" }] });
      const Tags = [
        { Key: "k", Value: "w" },
        { Key: "l", Value: "x" },
      ];
      await clients.secrets.send(new sm.TagResourceCommand({ SecretId, Tags }));
      const tagged = await clients.secrets.send(new sm.DescribeSecretCommand({ SecretId }));
      await clients.secrets.send(new sm.UntagResourceCommand({ SecretId, TagKeys: ["k"] }));
      const untagged = await clients.secrets.send(new sm.DescribeSecretCommand({ SecretId }));
      const byKey = (left: sm.Tag, right: sm.Tag) => ((left.Key ?? "") < (right.Key ?? "") ? -1 : 1);
      return [tagged.Tags?.toSorted(byKey), untagged.Tags];
    },
  },
];

const DELETION_CHECKS: readonly OfficialClientCheck[] = [
  {
    name: "a secret that is scheduled for deletion cannot be read, and can be restored",
    async run(clients) {
      const SecretId = `${clients.prefix}/a`;
      await createIn(clients);
      await clients.secrets.send(new sm.DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
      const read = await refused(get(clients));
      const described = await clients.secrets.send(new sm.DescribeSecretCommand({ SecretId }));
      await clients.secrets.send(new sm.RestoreSecretCommand({ SecretId }));
      return [read, described.DeletedDate !== undefined, (await get(clients)).SecretString];
    },
  },
  {
    name: "a secret that is scheduled for deletion is not listed",
    async run(clients) {
      await createThree(clients);
      await clients.secrets.send(new sm.DeleteSecretCommand({ SecretId: `${clients.prefix}/b` }));
      return listed(clients, [{ Key: "name", Values: [`${clients.prefix}/`] }]);
    },
  },
  {
    name: "a forced deletion is final",
    async run(clients) {
      const input = { SecretId: `${clients.prefix}/a`, ForceDeleteWithoutRecovery: true };
      await createIn(clients);
      await clients.secrets.send(new sm.DeleteSecretCommand(input));
      return [await refused(get(clients)), (await createIn(clients)).Name === input.SecretId];
    },
  },
  {
    name: "a forced deletion with a recovery window is refused",
    async run(clients) {
      const SecretId = `${clients.prefix}/a`;
      await createIn(clients);
      const both = { SecretId, ForceDeleteWithoutRecovery: true, RecoveryWindowInDays: 7 };
      return refused(clients.secrets.send(new sm.DeleteSecretCommand(both)));
    },
  },
];

const LIST_CHECKS: readonly OfficialClientCheck[] = [
  {
    name: "the name filter is a prefix",
    async run(clients) {
      await createThree(clients);
      return [
        await listed(clients, [{ Key: "name", Values: [`${clients.prefix}/`] }]),
        await listed(clients, [{ Key: "name", Values: [`${clients.prefix}/sub`] }]),
        await listed(clients, [{ Key: "name", Values: [`${clients.prefix}/a`, `${clients.prefix}/b`] }]),
      ];
    },
  },
  {
    name: "tag filters are ANDed",
    async run(clients) {
      await createThree(clients);
      return [
        await listed(clients, [{ Key: "tag-value", Values: [`${clients.prefix}-dev`] }]),
        await listed(clients, [
          { Key: "tag-value", Values: [`${clients.prefix}-dev`] },
          { Key: "tag-key", Values: [`${clients.prefix}-team`] },
        ]),
      ];
    },
  },
  {
    name: "an exclamation mark negates a value",
    defects: { MiniStack: "finds nothing" },
    async run(clients) {
      await createThree(clients);
      return listed(clients, [
        { Key: "tag-value", Values: [`${clients.prefix}-`] },
        { Key: "name", Values: [`!${clients.prefix}/a`] },
      ]);
    },
  },
  {
    name: "the description filter is a prefix in any case",
    async run(clients) {
      await createThree(clients);
      const name = { Key: "name", Values: [`${clients.prefix}/`] } as const;
      return [
        await listed(clients, [
          { ...name, Values: [...name.Values] },
          { Key: "description", Values: ["First"] },
        ]),
        await listed(clients, [
          { ...name, Values: [...name.Values] },
          { Key: "description", Values: ["nothing"] },
        ]),
      ];
    },
  },
  {
    name: "the filter over everything looks at names, descriptions and tags",
    defects: { MiniStack: "finds everything" },
    async run(clients) {
      await createThree(clients);
      return listed(clients, [{ Key: "all", Values: [`${clients.prefix}`] }]);
    },
  },
  {
    name: "a list comes in pages",
    async run(clients) {
      await createThree(clients);
      return listed(clients, [{ Key: "name", Values: [`${clients.prefix}/`] }], 1);
    },
  },
];

const BATCH_CHECKS: readonly OfficialClientCheck[] = [
  {
    name: "a batch by ids gives values, and an error for the missing one",
    async run(clients) {
      await createThree(clients);
      const SecretIdList = ["a", "sub/c", "none"].map((name) => `${clients.prefix}/${name}`);
      const answer = await clients.secrets.send(new sm.BatchGetSecretValueCommand({ SecretIdList }));
      return {
        values: answer.SecretValues?.map((value) => [value.Name?.replace(clients.prefix, ""), value.SecretString]),
        errors: answer.Errors?.map((error) => [error.SecretId?.replace(clients.prefix, ""), error.ErrorCode]),
      };
    },
  },
  {
    name: "a batch of 21 ids is refused",
    async run(clients) {
      await createIn(clients);
      const SecretIdList = Array.from({ length: 21 }, () => `${clients.prefix}/a`);
      const answer = await refused(clients.secrets.send(new sm.BatchGetSecretValueCommand({ SecretIdList })));
      return answer === "no error" ? answer : "refused";
    },
  },
  {
    name: "a batch by filters comes in pages",
    defects: { MiniStack: "ignores MaxResults" },
    async run(clients) {
      await createThree(clients);
      const Filters: sm.Filter[] = [{ Key: "name", Values: [`${clients.prefix}/`] }];
      const first = await clients.secrets.send(new sm.BatchGetSecretValueCommand({ Filters, MaxResults: 2 }));
      return [first.SecretValues?.length, typeof first.NextToken];
    },
  },
];

const STS_CHECKS: readonly OfficialClientCheck[] = [
  {
    name: "GetCallerIdentity names the account",
    async run(clients) {
      const answer = await clients.sts.send(new sts.GetCallerIdentityCommand({}));
      return /^\d{12}$/.test(answer.Account ?? "") && answer.Arn?.includes(`::${answer.Account}:`);
    },
  },
  {
    name: "an assumed role gives credentials that end",
    async run(clients) {
      const RoleArn = "arn:aws:iam::123456789012:role/eso";
      const input = { RoleArn, RoleSessionName: "session", DurationSeconds: 900, Tags: [{ Key: "k", Value: "v" }] };
      const { Credentials, AssumedRoleUser } = await clients.sts.send(new sts.AssumeRoleCommand(input));
      const minutes = ((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 60_000;
      return {
        arn: AssumedRoleUser?.Arn,
        isTemporary: Credentials?.AccessKeyId?.startsWith("ASIA"),
        hasToken: (Credentials?.SessionToken?.length ?? 0) > 0,
        isQuarterOfAnHour: Math.abs(minutes - 15) < 1,
      };
    },
  },
];

/** All checks, for every server. */
export const OFFICIAL_CLIENT_CHECKS: readonly OfficialClientCheck[] = [
  ...VALUE_CHECKS,
  ...DELETION_CHECKS,
  ...LIST_CHECKS,
  ...BATCH_CHECKS,
  ...STS_CHECKS,
];
