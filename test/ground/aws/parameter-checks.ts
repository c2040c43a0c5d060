/** What the official client sees of a Parameter Store. */
import * as ssm from "@aws-sdk/client-ssm";
import { type CheckClients, type OfficialClientCheck, refused } from "./official-clients.ts";

function nameOf({ prefix }: CheckClients, name = "a"): string {
  return `/${prefix}/${name}`;
}

function put(clients: CheckClients, input: Partial<ssm.PutParameterCommandInput> = {}) {
  const { Name, ...rest } = input;
  const all = { Name: nameOf(clients, Name), Value: "one", Type: "String", ...rest } as const;
  return clients.parameters.send(new ssm.PutParameterCommand(all));
}

async function get(clients: CheckClients, name?: string, WithDecryption = true) {
  const input = { Name: nameOf(clients, name), WithDecryption };
  const { Parameter } = await clients.parameters.send(new ssm.GetParameterCommand(input));
  return { Value: Parameter?.Value, Version: Parameter?.Version, Type: Parameter?.Type };
}

function resource(clients: CheckClients, name = "a") {
  return { ResourceType: "Parameter", ResourceId: nameOf(clients, name) } as const;
}

async function putThree(clients: CheckClients) {
  const tag = (Key: string, Value: string) => ({ Key, Value });
  await put(clients, { Name: "a", Tags: [tag("env", `${clients.prefix}-dev`)] });
  await put(clients, { Name: "b", Tags: [tag("env", `${clients.prefix}-prod`)] });
  await put(clients, { Name: "sub/c", Tags: [tag("env", `${clients.prefix}-dev`), tag("team", clients.prefix)] });
}

async function below(clients: CheckClients, input: Partial<ssm.GetParametersByPathCommandInput>) {
  const names: string[] = [];
  let pages = 0;
  let token: string | undefined;
  do {
    const page: ssm.GetParametersByPathCommandOutput = await clients.parameters.send(
      new ssm.GetParametersByPathCommand({
        Path: `/${clients.prefix}`,
        ...input,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const { Name = "" } of page.Parameters ?? []) names.push(Name.replace(`/${clients.prefix}`, ""));
    pages += 1;
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return { names: names.sort(), pages };
}

async function described(clients: CheckClients, ParameterFilters: ssm.ParameterStringFilter[]) {
  const answer = await clients.parameters.send(new ssm.DescribeParametersCommand({ ParameterFilters }));
  return (answer.Parameters ?? []).map(({ Name = "" }) => Name.replace(`/${clients.prefix}`, "")).sort();
}

/** Values, versions, labels, tags. */
const VALUE_CHECKS: readonly OfficialClientCheck[] = [
  {
    name: "a parameter is read back, decrypted where that is asked for",
    async run(clients) {
      await put(clients);
      await put(clients, { Name: "secure", Type: "SecureString" });
      const encrypted = await get(clients, "secure", false);
      return [await get(clients), await get(clients, "secure"), encrypted.Value !== "one"];
    },
  },
  {
    name: "a second parameter of the same name is refused, an overwrite is another version",
    async run(clients) {
      await put(clients);
      const second = await refused(put(clients));
      await put(clients, { Value: "two", Overwrite: true });
      return [second, await get(clients), await get(clients, "a:1"), await get(clients, "a:2")];
    },
  },
  {
    name: "an overwrite needs no type and takes no tags",
    async run(clients) {
      const { parameters } = clients;
      await put(clients, { Type: "SecureString" });
      await parameters.send(new ssm.PutParameterCommand({ Name: nameOf(clients), Value: "two", Overwrite: true }));
      const tagged = await refused(put(clients, { Overwrite: true, Tags: [{ Key: "k", Value: "v" }] }));
      return [await get(clients), tagged];
    },
  },
  {
    name: "a label names a version, and moves",
    async run(clients) {
      await put(clients);
      await put(clients, { Value: "two", Overwrite: true });
      const label = (ParameterVersion: number) =>
        clients.parameters.send(
          new ssm.LabelParameterVersionCommand({ Name: nameOf(clients), ParameterVersion, Labels: ["live"] }),
        );
      await label(1);
      const first = await get(clients, "a:live");
      await label(2);
      return [first, await get(clients, "a:live")];
    },
  },
  {
    name: "a parameter, a version and a label that are missing are not found",
    async run(clients) {
      await put(clients);
      return [
        await refused(get(clients, "none")),
        await refused(get(clients, "a:9")),
        // AWS does not document which of the two codes a missing label has.
        /^Parameter(?:Version)?NotFound$/.test(Object(await refused(get(clients, "a:none"))).code),
      ];
    },
  },
  {
    name: "several parameters come at once, with the names of those that are missing",
    async run(clients) {
      await putThree(clients);
      const Names = ["a", "sub/c", "none"].map((name) => nameOf(clients, name));
      const answer = await clients.parameters.send(new ssm.GetParametersCommand({ Names }));
      return {
        found: (answer.Parameters ?? []).map(({ Name }) => Name?.replace(clients.prefix, "")).sort(),
        missing: answer.InvalidParameters?.map((name) => name.replace(clients.prefix, "")),
      };
    },
  },
  {
    name: "eleven parameters at once are refused",
    defects: { MiniStack: "gives any number" },
    run(clients) {
      const Names = Array.from({ length: 11 }, (_, index) => nameOf(clients, `n${index}`));
      return refused(clients.parameters.send(new ssm.GetParametersCommand({ Names })));
    },
  },
  {
    name: "parameter tags are added, replaced and taken away",
    async run(clients) {
      const { parameters } = clients;
      await put(clients, { Tags: [{ Key: "k", Value: "v" }] });
      const tags = async () => {
        const { TagList } = await parameters.send(new ssm.ListTagsForResourceCommand(resource(clients)));
        return Object.fromEntries((TagList ?? []).map(({ Key = "", Value }) => [Key, Value]));
      };
      const Tags = [
        { Key: "k", Value: "w" },
        { Key: "l", Value: "x" },
      ];
      await parameters.send(new ssm.AddTagsToResourceCommand({ ...resource(clients), Tags }));
      const added = await tags();
      await parameters.send(new ssm.RemoveTagsFromResourceCommand({ ...resource(clients), TagKeys: ["k"] }));
      return [added, await tags()];
    },
  },
  {
    name: "tags of a missing parameter are refused",
    defects: { MiniStack: "has none of them" },
    run: (clients) => refused(clients.parameters.send(new ssm.ListTagsForResourceCommand(resource(clients, "none")))),
  },
];

/** Paths, filters, deletion. */
const LIST_CHECKS: readonly OfficialClientCheck[] = [
  {
    name: "a path gives what is right below it, and recursively all",
    async run(clients) {
      await putThree(clients);
      return [await below(clients, {}), await below(clients, { Recursive: true })];
    },
  },
  {
    name: "a path's parameters come in pages of ten at most",
    defects: { MiniStack: "gives larger pages", moto: "gives an empty page at the end" },
    async run(clients) {
      await putThree(clients);
      const eleven = await refused(below(clients, { MaxResults: 11 }));
      return [await below(clients, { Recursive: true, MaxResults: 1 }), eleven];
    },
  },
  {
    name: "the root holds parameters without a slash too",
    defects: { MiniStack: "leaves them out" },
    async run(clients) {
      const Name = `${clients.prefix}-flat`;
      await clients.parameters.send(new ssm.PutParameterCommand({ Name, Value: "flat", Type: "String" }));
      const { names } = await below(clients, { Path: "/", Recursive: true });
      return names.includes(Name);
    },
  },
  {
    name: "descriptions are found by path",
    async run(clients) {
      await putThree(clients);
      return described(clients, [{ Key: "Path", Option: "Recursive", Values: [`/${clients.prefix}`] }]);
    },
  },
  {
    name: "descriptions are found by tags",
    defects: { MiniStack: "takes no notice of tags" },
    async run(clients) {
      await putThree(clients);
      const dev = { Key: "tag:env", Option: "Equals", Values: [`${clients.prefix}-dev`] };
      return [
        await described(clients, [dev]),
        await described(clients, [dev, { Key: "tag:team", Values: [clients.prefix] }]),
        await described(clients, [dev, { Key: "Path", Option: "Recursive", Values: [`/${clients.prefix}/sub`] }]),
      ];
    },
  },
  {
    name: "deleted parameters are gone, and missing ones are told",
    async run(clients) {
      await putThree(clients);
      const { parameters } = clients;
      await parameters.send(new ssm.DeleteParameterCommand({ Name: nameOf(clients) }));
      const again = await refused(parameters.send(new ssm.DeleteParameterCommand({ Name: nameOf(clients) })));
      const Names = [nameOf(clients), nameOf(clients, "b")];
      const both = await parameters.send(new ssm.DeleteParametersCommand({ Names }));
      return [
        again,
        both.DeletedParameters?.map((name) => name.replace(clients.prefix, "")),
        both.InvalidParameters?.map((name) => name.replace(clients.prefix, "")),
        (await below(clients, { Recursive: true })).names,
      ];
    },
  },
];

/** All of them. */
export const PARAMETER_CHECKS: readonly OfficialClientCheck[] = [...VALUE_CHECKS, ...LIST_CHECKS];
