/** The components as a part of the executable provider. */
import { readFileSync } from "node:fs";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ProviderExtension } from "../../sync/provider/provider-service.ts";
import { packageFile } from "../package-file.ts";
import type { ConstructRequest } from "./pulumi-runtime.ts";

type HandshakeRequest = InstanceType<typeof messages.ProviderHandshakeRequest>;

/** The extension, and how the process tells it of errors that no call waits for. */
export interface ComponentExtension extends ProviderExtension {
  /** Fails all constructions that are under way: an error in one of their Outputs has nobody else to be told. */
  fail(error: Error): void;
}

/** @param engineAddress from the command line; the engine's handshake replaces it. */
export function componentExtension(engineAddress: string | undefined): ComponentExtension {
  let engine = engineAddress ?? "";
  const underWay = new Set<(error: Error) => void>();
  return {
    schema: {},
    fail: (error) => {
      for (const reject of underWay) reject(error);
    },
    handlers: {
      handshake: (request: HandshakeRequest) => {
        engine = request.getEngineAddress() || engine;
        return new messages.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptOutputs(true);
      },
      // The whole schema, components and all, as it was generated.
      getSchema: () => new messages.GetSchemaResponse().setSchema(readFileSync(packageFile("schema.json"), "utf8")),
      construct: async (request: ConstructRequest) => {
        // Only here: a program that uses no component does not wait for them to be loaded.
        const { construct, constructError } = await import("./construct.ts");
        const failed = Promise.withResolvers<never>();
        underWay.add(failed.reject);
        try {
          return await Promise.race([construct(request, engine), failed.promise]);
        } catch (error) {
          throw constructError(error);
        } finally {
          underWay.delete(failed.reject);
        }
      },
    },
  };
}
