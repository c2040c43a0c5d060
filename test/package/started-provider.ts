/** The executable provider of an installed package, as an engine starts and asks it. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";

const LIMIT_MS = 30_000;
const { getPluginInfo, getSchema } = services.ResourceProviderService;

/** What a provider says of itself. */
export interface ProviderAnswers {
  readonly version: string;
  /** Tokens of its resources and components. */
  readonly resources: readonly string[];
}

/** Waits for the port, asks over gRPC, and ends the process, which must end well. @throws with what it printed. */
export async function askProvider(child: ChildProcess): Promise<ProviderAnswers> {
  const ended = once(child, "exit");
  const port = await firstLine(child, ended);
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  try {
    const info = await call(client, { ...getPluginInfo, requestSerialize: () => Buffer.alloc(0) }, undefined);
    const schema = await call(client, getSchema, new messages.GetSchemaRequest());
    return { version: info.getVersion(), resources: Object.keys(JSON.parse(schema.getSchema()).resources) };
  } finally {
    client.close();
    child.kill("SIGINT");
    await ended;
  }
}

async function firstLine(child: ChildProcess, ended: Promise<unknown[]>): Promise<string> {
  if (child.stdout === null || child.stderr === null) throw new Error("the provider's output is not read");
  const errors: string[] = [];
  child.stderr.on("data", (chunk) => errors.push(String(chunk)));
  const [printed] = await Promise.race([once(child.stdout, "data"), ended]);
  if (!/^\d+\n$/.test(String(printed))) throw new Error(`no port, but ${printed}\n${errors.join("")}`);
  return String(printed).trim();
}

function call<Request, Response>(
  client: grpc.Client,
  { path, requestSerialize, responseDeserialize }: grpc.MethodDefinition<Request, Response>,
  request: Request,
): Promise<Response> {
  const options = { deadline: Date.now() + LIMIT_MS };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, options, (error, response) => {
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error(`${path} gave nothing`));
      else resolve(response);
    });
  });
}
