/** What the official client sees of a Secrets Manager, a Parameter Store and STS: one list of checks, for every server that claims to be one. */
import * as sm from "@aws-sdk/client-secrets-manager";
import * as sts from "@aws-sdk/client-sts";
import { createIn, createThree, listed, type OfficialClientCheck, refused } from "./official-clients.ts";
import { PARAMETER_CHECKS } from "./parameter-checks.ts";
import { DELETION_CHECKS, VALUE_CHECKS } from "./value-checks.ts";

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
  ...PARAMETER_CHECKS,
];
