/** The answer for an object that exists, but is not ready: the engine keeps it in the state and comes back to it. */
import * as grpc from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { Any, Struct } from "../engine-protocol.ts";
import type { Properties } from "./property-values.ts";

export interface InitFailure {
  readonly id: string;
  readonly outputs: Properties;
  /** Of a read only. */
  readonly inputs?: Properties;
  readonly message: string;
  readonly reasons: readonly string[];
}

/** A gRPC error that carries `ErrorResourceInitFailed`. */
export function initFailed(failure: InitFailure): Error {
  const detail = new provider.ErrorResourceInitFailed();
  detail.setId(failure.id);
  detail.setProperties(Struct.fromJavaScript(failure.outputs));
  if (failure.inputs !== undefined) detail.setInputs(Struct.fromJavaScript(failure.inputs));
  detail.setReasonsList([failure.message, ...failure.reasons]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusMessages.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(failure.message);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return Object.assign(new Error(failure.message), { code: grpc.status.UNKNOWN, details: failure.message, metadata });
}
