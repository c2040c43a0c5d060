/** The function `readSecret`, as the engine calls it. */
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { SyncError } from "../../providers/errors.ts";
import { describeError } from "../describe-error.ts";
import { type Properties, plainProperties, secret } from "../property-values.ts";
import { type ReadSecretRequest, readSecretValue } from "../resource/read-secret.ts";
import type { SyncSession } from "../session/session.ts";
import { fromStruct, toStruct } from "./messages.ts";

/** The token of the function. */
export const READ_SECRET = "external-secrets:index:readSecret";

/** What a backend says is told as a failure of the call; the value is marked as a secret. */
export async function readSecretHandler(
  session: SyncSession,
  request: InstanceType<typeof messages.InvokeRequest>,
): Promise<InstanceType<typeof messages.InvokeResponse>> {
  const args = plainProperties(fromStruct(request.getArgs()));
  const response = new messages.InvokeResponse();
  if (!isRequest(args)) {
    const reason = "is missing; name the key in the backend";
    response.addFailures(new messages.CheckFailure().setProperty("key").setReason(reason));
    return response;
  }
  try {
    const value = await session.run((signal) => readSecretValue(session, args, signal));
    return response.setReturn(toStruct({ value: secret(value) }));
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    response.addFailures(new messages.CheckFailure().setProperty("").setReason(describeError(error)));
    return response;
  }
}

function isRequest(args: Properties): args is Properties & ReadSecretRequest {
  return typeof args.key === "string" && args.key !== "";
}
