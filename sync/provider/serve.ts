/** Serves a provider to the engine that started it, on a free port of loopback. */
import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { describeError } from "../describe-error.ts";
import type { ProviderHandlers, ProviderService } from "./provider-service.ts";

type Handler = (request: unknown) => unknown;

/** The engine asks whether its plugins are alive by their process; we ask the same of it, this often, in milliseconds. */
const PARENT_CHECK_MS = 1_000;

/** The service definition with an answer to each call; those that `handlers` lacks are not implemented. */
export function implementationOf(handlers: ProviderHandlers): grpc.UntypedServiceImplementation {
  const calls = Object.entries(services.ResourceProviderService).map(([name, method]) => [
    name,
    method.responseStream ? refuseStream(name) : unary(name, handlers[name] as Handler | undefined),
  ]);
  return Object.fromEntries(calls);
}

function unary(name: string, handler: Handler | undefined): grpc.handleUnaryCall<unknown, unknown> {
  return (call, callback) => {
    if (handler === undefined) return callback(notImplemented(name), null);
    // A handler may throw before its first await.
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: describeError(error) }, null),
      );
  };
}

function refuseStream(name: string): (call: grpc.ServerWritableStream<unknown, unknown>) => void {
  return (call) => void call.emit("error", notImplemented(name));
}

function notImplemented(name: string) {
  return { code: grpc.status.UNIMPLEMENTED, details: `${name} is not implemented by this provider` };
}

/** A process, as far as serving goes. */
export interface ServingProcess {
  /** Of the process that started this one. */
  parentId(): number;
  writeOutput(text: string): void;
  exit(code: number): void;
}

/**
 * Listens, and prints the port as the engine wants it. Ends the process when the one that started it is gone.
 * @throws Error where no port can be had.
 */
export async function serveProvider(service: ProviderService, host: ServingProcess): Promise<void> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(services.ResourceProviderService, implementationOf(service.handlers));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  host.writeOutput(`${port}\n`);
  const parent = host.parentId();
  const timer = setInterval(() => {
    if (host.parentId() === parent) return;
    clearInterval(timer);
    void service.close().finally(() => host.exit(0));
  }, PARENT_CHECK_MS);
  timer.unref();
}
