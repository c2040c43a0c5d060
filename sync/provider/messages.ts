/** The messages of the engine's protocol, from the copies that `@pulumi/pulumi` brings. */

import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { JavaScriptValue, Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "../property-values.ts";

const SERVICE = services.ResourceProviderService;

/** `@pulumi/pulumi` has a google-protobuf of its own, whose classes are had from its messages: another's cannot be mixed in. */
function structClass(): typeof StructMessage {
  const NEWS_FIELD = 3;
  const emptyNews = messages.CheckRequest.deserializeBinary(new Uint8Array([(NEWS_FIELD << 3) | 2, 0])).getNews();
  if (emptyNews === undefined) throw new Error("@pulumi/pulumi's protocol has changed: a CheckRequest without news");
  return emptyNews.constructor as typeof StructMessage;
}

/** Properties as a message. */
export function toStruct(properties: Properties): StructMessage {
  // Fields that are undefined are no JSON.
  const json: Record<string, JavaScriptValue> = JSON.parse(JSON.stringify(properties));
  return structClass().fromJavaScript(json);
}

/** A message as properties. */
export function fromStruct(struct: StructMessage | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** The answer to a call that has none. */
export function empty(): ReturnType<typeof SERVICE.cancel.responseDeserialize> {
  return SERVICE.cancel.responseDeserialize(Buffer.alloc(0));
}
