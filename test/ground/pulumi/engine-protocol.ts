/** The gRPC messages of the Pulumi engine, from the copies that `@pulumi/pulumi` itself uses, and how a plugin serves them. */
import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import type * as AnyMessages from "google-protobuf/google/protobuf/any_pb.js";
import type * as EmptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type * as StructMessages from "google-protobuf/google/protobuf/struct_pb.js";

// `@pulumi/pulumi` brings a google-protobuf of its own; messages of another major version can't be mixed with its messages.
const pulumiRequire = createRequire(import.meta.resolve("@pulumi/pulumi/package.json"));
export const { Any } = pulumiRequire("google-protobuf/google/protobuf/any_pb.js") as typeof AnyMessages;
export const { Empty } = pulumiRequire("google-protobuf/google/protobuf/empty_pb.js") as typeof EmptyMessages;
export const { Struct } = pulumiRequire("google-protobuf/google/protobuf/struct_pb.js") as typeof StructMessages;
export type Struct = StructMessages.Struct;

/** How a plugin says something to the person who runs `pulumi`. */
export interface EngineLog {
  /** Shown in the output and kept at its end. */
  log(severity: "info" | "warning" | "error", message: string, urn?: string): void;
  /** Shown beside the resource while it is worked on. */
  status(message: string, urn: string): void;
  close(): void;
}

/** Logs to the engine that listens at `address` ("127.0.0.1:port"). A failed log is dropped: it is never worth an operation. */
export function connectEngineLog(address: string): EngineLog {
  const client = new engineServices.EngineClient(address, grpc.credentials.createInsecure());
  const { INFO, WARNING, ERROR } = engineMessages.LogSeverity;
  const severities = { info: INFO, warning: WARNING, error: ERROR };
  function send(severity: keyof typeof severities, message: string, urn: string, ephemeral: boolean): void {
    const request = new engineMessages.LogRequest();
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    client.log(request, new grpc.Metadata(), { deadline: Date.now() + 10_000 }, () => {});
  }
  return {
    log: (severity, message, urn = "") => send(severity, message, urn, false),
    status: (message, urn) => send("info", message, urn, true),
    close: () => client.close(),
  };
}

/** Makes a promise-returning function a gRPC handler; a thrown error's `code`, `details` and `metadata` go to the caller. */
export function unary<Request, Response>(
  handle: (request: Request, call: grpc.ServerUnaryCall<Request, Response>) => Promise<Response> | Response,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handle(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(asServiceError(error), null),
      );
  };
}

function asServiceError(error: unknown): grpc.ServerErrorResponse {
  const cause = error instanceof Error ? error : new Error(String(error));
  return Object.assign(cause, { code: "code" in cause && typeof cause.code === "number" ? cause.code : 2 });
}

/** Answers "unimplemented" to each call of the service that `handlers` lacks. */
export function completeService(
  service: grpc.ServiceDefinition,
  handlers: grpc.UntypedServiceImplementation,
): grpc.UntypedServiceImplementation {
  const complete: grpc.UntypedServiceImplementation = { ...handlers };
  for (const [name, method] of Object.entries(service)) {
    if (complete[name] !== undefined) continue;
    const error = { code: grpc.status.UNIMPLEMENTED, details: `${name} is not part of this test stand-in` };
    complete[name] = method.responseStream
      ? (call: grpc.ServerWritableStream<unknown, unknown>) => void call.emit("error", error)
      : (_call: unknown, callback: grpc.sendUnaryData<unknown>) => callback(error, null);
  }
  return complete;
}

/**
 * Serves a plugin on a free port of loopback, prints the port as the engine wants it, and ends the process as soon as the
 * process that started it is gone.
 */
export function servePlugin(service: grpc.ServiceDefinition, handlers: grpc.UntypedServiceImplementation): void {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(service, completeService(service, handlers));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 1000).unref();
}
