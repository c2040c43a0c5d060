import assert from "node:assert/strict";
import { test } from "node:test";
import { policyDocuments } from "../../../components/aws/policy-documents.ts";
import { type AwsPlace, broadFinds, canonicalAwsKey, readStatements } from "../../../components/aws/read-statements.ts";
import type { FindRead, RemoteRead } from "../../../components/grants/remote-read.ts";
import { isAllowed } from "./iam-evaluator.ts";

const REGION = "eu-central-1";
const ACCOUNT = "123456789012";
const secrets: AwsPlace = { service: "SecretsManager", region: REGION, accountId: ACCOUNT, prefix: "", kmsKeyArns: [] };
const parameters: AwsPlace = { ...secrets, service: "ParameterStore" };

function policiesOf(place: AwsPlace, ...reads: RemoteRead[]) {
  const { inline, managed } = policyDocuments(readStatements(place, reads), "test");
  const documents = [inline, ...managed];
  const may = (action: string, resource: string, context: Record<string, string> = {}) =>
    isAllowed(documents, { action, resource, context });
  return {
    documents,
    may,
    gets: (name: string, context?: Record<string, string>) =>
      may(
        "secretsmanager:GetSecretValue",
        `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-Ab12Cd`,
        context,
      ),
    getsParameter: (name: string, context?: Record<string, string>) =>
      may("ssm:GetParameter", `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`, context),
    walks: (folder: string) => may("ssm:GetParametersByPath", `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${folder}`),
  };
}
const key = (name: string): RemoteRead => ({ kind: "key", key: name });
const find = (parts: Omit<FindRead, "kind">): FindRead => ({ kind: "find", ...parts });

test("a secret's value may be read, and none beside it", () => {
  const { gets, may } = policiesOf(secrets, key("prod/db"));
  assert.ok(gets("prod/db"));
  for (const beside of ["prod/db2", "prod/db-abcdef", "prod/d", "prod", "prod/db/child", "PROD/db"]) {
    assert.ok(!gets(beside), beside);
  }
  const other = (from: string, to: string) =>
    `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:prod/db-Ab12Cd`.replace(from, to);
  assert.ok(!may("secretsmanager:GetSecretValue", other(REGION, "us-east-1")));
  assert.ok(!may("secretsmanager:GetSecretValue", other(ACCOUNT, "210987654321")));
  assert.ok(!may("secretsmanager:PutSecretValue", other("", "")));
  assert.ok(!may("secretsmanager:ListSecrets", "*"));
  assert.ok(!may("secretsmanager:BatchGetSecretValue", "*"));
});

test("several secrets may be read in one batch, which lists nothing", () => {
  const { gets, may } = policiesOf(secrets, key("a"), key("b"));
  assert.ok(gets("a") && gets("b") && may("secretsmanager:BatchGetSecretValue", "*"));
  assert.ok(!may("secretsmanager:ListSecrets", "*"));
});

test("a whole ARN grants that secret, one without its suffix grants the name", () => {
  const arn = `arn:aws:secretsmanager:us-east-1:210987654321:secret:prod/db`;
  const whole = policiesOf(secrets, key(`${arn}-Ab12Cd`));
  assert.ok(whole.may("secretsmanager:GetSecretValue", `${arn}-Ab12Cd`));
  assert.ok(!whole.may("secretsmanager:GetSecretValue", `${arn}-Zz12Cd`));
  const partial = policiesOf(secrets, key(arn));
  assert.ok(partial.may("secretsmanager:GetSecretValue", `${arn}-Ab12Cd`));
  assert.ok(!partial.may("secretsmanager:GetSecretValue", `${arn}x-Ab12Cd`));
});

test("the store's prefix is part of the names", () => {
  const { gets } = policiesOf({ ...secrets, prefix: "prod/" }, key("db"));
  assert.ok(gets("prod/db"));
  assert.ok(!gets("db"));
});

test("reading tags does not allow to read values", () => {
  const { may, gets } = policiesOf(secrets, { kind: "key", key: "db", metadata: true });
  assert.ok(may("secretsmanager:DescribeSecret", `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:db-Ab12Cd`));
  assert.ok(!gets("db"));
});

test("a search by name grants what the expression pins down", () => {
  const { gets, may } = policiesOf(secrets, find({ name: "^prod/(db|api)-" }));
  assert.ok(may("secretsmanager:ListSecrets", "*") && may("secretsmanager:BatchGetSecretValue", "*"));
  assert.ok(gets("prod/db-main") && gets("prod/api-key"));
  assert.ok(!gets("prod/web-key") && !gets("staging/db-main"));
  const exact = policiesOf(secrets, find({ name: "^prod/db$" }));
  assert.ok(exact.gets("prod/db"));
  assert.ok(!exact.gets("prod/db-main"));
});

test("a search by path grants what begins with it, and both together what both admit", () => {
  const path = policiesOf(secrets, find({ path: "prod/" }));
  assert.ok(path.gets("prod/a/b") && !path.gets("staging/a"));
  const both = policiesOf(secrets, find({ path: "prod/", name: "^prod/db" }));
  assert.ok(both.gets("prod/db1") && !both.gets("prod/api"));
  const apart = policiesOf(secrets, find({ path: "prod/", name: "^staging/" }));
  assert.ok(!apart.gets("prod/a") && !apart.gets("staging/a"));
});

test("a search by tags grants what has all of them", () => {
  const { gets } = policiesOf(secrets, find({ tags: { team: "a", cost: "$5*" } }));
  const [team, cost] = ["aws:ResourceTag/team", "aws:ResourceTag/cost"];
  assert.ok(gets("x", { [team]: "a", [cost]: "$5*" }));
  assert.ok(!gets("x", { [team]: "a" }) && !gets("x", { [team]: "b", [cost]: "$5*" }) && !gets("x"));
});

test("a parameter may be read, and none beside it", () => {
  const { getsParameter, walks } = policiesOf(parameters, key("/prod/db"), key("plain"));
  assert.ok(getsParameter("/prod/db") && getsParameter("/plain"));
  assert.ok(!getsParameter("/prod/db2") && !getsParameter("/prod") && !getsParameter("/prod/db/x"));
  assert.ok(!walks("/prod"));
});

test("a folder of parameters is walked in one call, and only that folder", () => {
  const { walks, getsParameter, may } = policiesOf(parameters, find({ path: "/prod/", name: "password$" }));
  assert.ok(walks("/prod") && !walks("/") && !walks("/staging") && !walks("/prod/x"));
  assert.ok(!getsParameter("/prod/a") && !may("ssm:DescribeParameters", "*"));
});

test("parameters that are found by name or tags are described and read one by one", () => {
  const named = policiesOf(parameters, find({ name: "^/prod/db" }));
  assert.ok(named.may("ssm:DescribeParameters", "*") && named.getsParameter("/prod/db/a"));
  assert.ok(!named.getsParameter("/prod/api") && !named.walks("/") && !named.walks("/prod"));
  const tagged = policiesOf(parameters, find({ path: "/prod", tags: { team: "a" } }));
  assert.ok(tagged.getsParameter("/prod/x", { "aws:ResourceTag/team": "a" }));
  assert.ok(!tagged.getsParameter("/prod/x") && !tagged.getsParameter("/production", { "aws:ResourceTag/team": "a" }));
});

test("KMS keys decrypt through the service only", () => {
  const [one, other] = ["arn:aws:kms:eu-central-1:123456789012:key/1", "arn:aws:kms:eu-central-1:123456789012:key/2"];
  const { may } = policiesOf({ ...secrets, kmsKeyArns: [one] }, key("db"));
  assert.ok(may("kms:Decrypt", one, { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" }));
  assert.ok(
    !may("kms:Decrypt", one, { "kms:ViaService": "ssm.eu-central-1.amazonaws.com" }) && !may("kms:Decrypt", one),
  );
  assert.ok(!may("kms:Decrypt", other, { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" }));
});

test("the partition follows the region", () => {
  const china = readStatements({ ...secrets, region: "cn-north-1", kmsKeyArns: ["k"] }, [key("db")]);
  assert.match(
    JSON.stringify(china),
    /arn:aws-cn:secretsmanager:cn-north-1.*secretsmanager\.cn-north-1\.amazonaws\.com\.cn/,
  );
});

test("no reads give a document that IAM takes and that allows nothing of secrets", () => {
  const { gets, may } = policiesOf({ ...secrets, kmsKeyArns: ["arn:aws:kms:x"] });
  assert.ok(!gets("db") && !may("secretsmanager:ListSecrets", "*") && !may("kms:Decrypt", "arn:aws:kms:x"));
});

test("what does not fit into one policy goes into further ones within their limits, or fails", () => {
  const names = Array.from({ length: 300 }, (_, index) => `team/${"x".repeat(40)}/${index}`);
  const { documents, gets } = policiesOf(secrets, ...names.map(key));
  assert.ok(documents.length > 2);
  documents.forEach((document, index) => void assert.ok(document.length <= (index === 0 ? 10_240 : 6_144)));
  assert.ok(names.every((name) => gets(name)) && !gets("team/other"));
  const more = Array.from({ length: 2_000 }, (_, index) => key(`team/${"x".repeat(40)}/${index}`));
  assert.throws(() => policyDocuments(readStatements(secrets, more), 'AwsSecretStore "a"'), {
    message: /AwsSecretStore "a": .* more than the policies of one role can name/,
  });
});

test("searches that grant everything are told", () => {
  const wide = [
    find({ name: "db" }),
    find({ name: "^db" }),
    find({ name: "db", path: "x" }),
    find({ tags: { a: "b" } }),
  ];
  assert.deepEqual(
    broadFinds("SecretsManager", "", wide).map((told) => told.slice(0, 14)),
    ['"find name db"'],
  );
  assert.equal(broadFinds("ParameterStore", "", [find({ path: "/" }), find({ path: "/a" })]).length, 1);
  assert.equal(broadFinds("SecretsManager", "prod/", [find({ name: "db" })]).length, 0);
});

test("the forms of a key are one", () => {
  const canonical = canonicalAwsKey("SecretsManager");
  const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db";
  assert.deepEqual([arn, `${arn}-Ab12Cd`, "prod/db"].map(canonical), ["prod/db", "prod/db", "prod/db"]);
  const parameter = canonicalAwsKey("ParameterStore");
  assert.equal(parameter("arn:aws:ssm:eu-central-1:123456789012:parameter/a/b"), parameter("/a/b"));
});
