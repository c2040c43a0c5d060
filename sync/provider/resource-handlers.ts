/** The calls of the engine for one type of resource. */
import type messages from "@pulumi/pulumi/proto/provider_pb.js";

type Messages = typeof messages;
type Handler<Request extends keyof Messages, Response> = (
  request: Messages[Request] extends abstract new (...args: never[]) => infer Instance ? Instance : never,
) => Promise<Response>;
type InstanceOf<Name extends keyof Messages> = Messages[Name] extends abstract new (
  ...args: never[]
) => infer Instance
  ? Instance
  : never;

/** What they throw is told to the user. */
export interface ResourceHandlers {
  readonly check: Handler<"CheckRequest", InstanceOf<"CheckResponse">>;
  readonly diff: Handler<"DiffRequest", InstanceOf<"DiffResponse">>;
  readonly create: Handler<"CreateRequest", InstanceOf<"CreateResponse">>;
  readonly read: Handler<"ReadRequest", InstanceOf<"ReadResponse">>;
  readonly update: Handler<"UpdateRequest", InstanceOf<"UpdateResponse">>;
  readonly delete: Handler<"DeleteRequest", void>;
}
