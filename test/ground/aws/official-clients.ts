/** The official clients, and what the checks do with them. */
import { randomUUID } from "node:crypto";
import * as sm from "@aws-sdk/client-secrets-manager";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { EXAMPLE_CREDENTIALS } from "./emulator/aws-emulator.ts";

/** The clients of one server, and a name prefix of its own for each check. */
export interface CheckClients {
  readonly secrets: sm.SecretsManagerClient;
  readonly parameters: ssm.SSMClient;
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

/** Clients for a server; destroy them all at the end by `destroyClients`. */
export function checkClients(endpoint: string): CheckClients {
  const config = { endpoint, region: "us-east-1", credentials: EXAMPLE_CREDENTIALS, maxAttempts: 1 };
  return {
    secrets: new sm.SecretsManagerClient(config),
    parameters: new ssm.SSMClient(config),
    sts: new sts.STSClient(config),
    prefix: `check-${randomUUID().slice(0, 8)}`,
  };
}

/** Ends the clients' connections. */
export function destroyClients(clients: CheckClients): void {
  for (const client of [clients.secrets, clients.parameters, clients.sts]) client.destroy();
}

/** The error's code and status in place of a result. */
export async function refused(promise: Promise<unknown>): Promise<unknown> {
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

/** Creates a secret below the prefix; default `a` with the text `one`. */
export async function createIn({ secrets, prefix }: CheckClients, input: Partial<sm.CreateSecretCommandInput> = {}) {
  const { Name = "a", ...rest } = input;
  const value = input.SecretBinary === undefined ? { SecretString: "one" } : {};
  return secrets.send(new sm.CreateSecretCommand({ Name: `${prefix}/${Name}`, ...value, ...rest }));
}

/** Reads a secret; default `a`. */
export function get({ secrets, prefix }: CheckClients, input: Partial<sm.GetSecretValueCommandInput> = {}) {
  return secrets.send(new sm.GetSecretValueCommand({ SecretId: `${prefix}/a`, ...input }));
}

/** Gives `a` another version. */
export function put({ secrets, prefix }: CheckClients, input: Partial<sm.PutSecretValueCommandInput>) {
  return secrets.send(new sm.PutSecretValueCommand({ SecretId: `${prefix}/a`, ...input }));
}

/** Names (without the prefix) that filters find, over all pages. */
export async function listed({ secrets, prefix }: CheckClients, Filters: sm.Filter[], MaxResults?: number) {
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

/** `a`, `b` and `sub/c`, with descriptions and tags of their own. */
export async function createThree(clients: CheckClients) {
  const env = (Value: string) => ({ Key: "env", Value: `${clients.prefix}-${Value}` });
  await createIn(clients, { Name: "a", Description: "First thing", Tags: [env("dev")] });
  await createIn(clients, { Name: "b", Description: "second thing", Tags: [env("prod")] });
  await createIn(clients, { Name: "sub/c", Tags: [env("dev"), { Key: `${clients.prefix}-team`, Value: "x" }] });
}
