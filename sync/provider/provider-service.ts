/** The provider as a gRPC service: one process, one configuration, the resources and functions that it serves. */
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { type SessionSurroundings, SyncSession } from "../session/session.ts";
import { checkConfig, configurationOf, diffConfig } from "./configuration-handlers.ts";
import { empty } from "./messages.ts";
import { READ_SECRET, readSecretHandler } from "./read-secret-handler.ts";
import type { ResourceHandlers } from "./resource-handlers.ts";
import { providerSchema } from "./schema.ts";
import { SYNCED_SECRET, syncedSecretHandlers } from "./synced-secret-handlers.ts";

/** What the process hands in. */
export interface ProviderSurroundings extends SessionSurroundings {
  /** Of the package. */
  readonly version: string;
}

type MessageOf<Name extends keyof typeof messages> = (typeof messages)[Name] extends abstract new (
  ...args: never[]
) => infer Instance
  ? Instance
  : never;

/** The calls that are answered, by the names of the gRPC service; all others are not implemented. */
export type ProviderHandlers = Readonly<Record<string, (request: never) => unknown>>;

/** The service, to be served as it is or together with other calls (`construct`). */
export interface ProviderService {
  readonly handlers: ProviderHandlers;
  /** Ends sessions with backends and connections. */
  close(): Promise<void>;
}

/** What another part of the package adds to the same executable. */
export interface ProviderExtension {
  readonly handlers: ProviderHandlers;
  /** Merged into the schema, part by part. */
  readonly schema: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Nothing is read or asked before the engine configures it. */
export function createProviderService(
  surroundings: ProviderSurroundings,
  extension?: ProviderExtension,
): ProviderService {
  let session: SyncSession | undefined;
  const configured = (): SyncSession => {
    if (session === undefined) throw new Error("the provider is not configured: its configuration is not known yet");
    return session;
  };
  const resource = <Call extends keyof ResourceHandlers>(call: Call) => resourceCall(configured, call);
  const handlers = {
    ...aboutTheProvider(surroundings, extension),
    diffConfig: (request: MessageOf<"DiffRequest">) => diffConfig(request, surroundings),
    configure: (request: MessageOf<"ConfigureRequest">) => {
      session = new SyncSession(configurationOf(request), surroundings);
      return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    },
    invoke: (request: MessageOf<"InvokeRequest">) => {
      if (request.getTok() === READ_SECRET) return readSecretHandler(configured(), request);
      throw new Error(`${request.getTok()} is no function of this provider; it has ${READ_SECRET}`);
    },
    ...{ check: resource("check"), diff: resource("diff"), create: resource("create"), read: resource("read") },
    update: resource("update"),
    delete: async (request: MessageOf<"DeleteRequest">) => {
      await resource("delete")(request);
      return empty();
    },
    // The engine calls it at the end of each command, too.
    cancel: async () => {
      await session?.release();
      return empty();
    },
  };
  return { handlers: { ...handlers, ...extension?.handlers }, close: async () => session?.close() };
}

/** One call for all resources, which there is one type of. */
function resourceCall<Call extends keyof ResourceHandlers>(configured: () => SyncSession, call: Call) {
  return (request: Parameters<ResourceHandlers[Call]>[0]): ReturnType<ResourceHandlers[Call]> => {
    const type = typeOfUrn(request.getUrn());
    if (type !== SYNCED_SECRET) throw new Error(`${type} is no resource of this provider; it has ${SYNCED_SECRET}`);
    const handler: ResourceHandlers[Call] = syncedSecretHandlers(configured())[call];
    return (handler as (given: typeof request) => ReturnType<ResourceHandlers[Call]>)(request);
  };
}

function aboutTheProvider({ version }: ProviderSurroundings, extension: ProviderExtension | undefined) {
  return {
    handshake: () => new messages.ProviderHandshakeResponse().setAcceptSecrets(true),
    attach: () => empty(),
    getPluginInfo: () => new plugin.PluginInfo().setVersion(version),
    getSchema: () => {
      const schema = JSON.stringify(providerSchema(version, extension?.schema));
      return new messages.GetSchemaResponse().setSchema(schema);
    },
    checkConfig,
  };
}

/** `urn:pulumi:stack::project::parent$type::name`. */
function typeOfUrn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
