/** What the official client sees of values and deletions. */
import { randomUUID } from "node:crypto";
import * as sm from "@aws-sdk/client-secrets-manager";
import { createIn, createThree, get, listed, type OfficialClientCheck, put, refused } from "./official-clients.ts";

/** Values, versions, stages, tags. */
export const VALUE_CHECKS: readonly OfficialClientCheck[] = [
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

/** Scheduled and forced deletion. */
export const DELETION_CHECKS: readonly OfficialClientCheck[] = [
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
