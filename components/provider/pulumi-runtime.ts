/**
 * The parts of `@pulumi/pulumi` that serve a component to another process. Its own provider server has them, but serves
 * nothing beside components; they are not in its type declarations, so each is looked up by its name.
 */
import type { ComponentResource, Inputs } from "@pulumi/pulumi";
import type messages from "@pulumi/pulumi/proto/provider_pb.js";
import providerServer from "@pulumi/pulumi/provider/server.js";
import config from "@pulumi/pulumi/runtime/config.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import state from "@pulumi/pulumi/runtime/state.js";

export type ConstructRequest = InstanceType<typeof messages.ConstructRequest>;

/** The settings of one run; all of the runtime's globals are kept apart for each. */
interface PulumiRuntime {
  /** Runs with settings of its own. */
  readonly withLocalStorage: <T>(action: () => Promise<T>) => Promise<T>;
  readonly awaitFeatureSupport: () => Promise<void>;
  readonly setAllConfig: (values: Record<string, string>, secretKeys: readonly string[]) => void;
  /** Inputs as a program would give them: what is secret, unknown or depends on a resource is an Output. */
  readonly deserializeInputs: (inputs: unknown, dependencies: unknown) => Promise<Inputs>;
  /** Resolves when all resources that were registered are there. */
  readonly waitForRPCs: () => Promise<void>;
}

/** @throws Error where this version of `@pulumi/pulumi` lacks one. */
export function pulumiRuntime(): PulumiRuntime {
  return {
    withLocalStorage: internal(state, "withLocalStorage"),
    awaitFeatureSupport: internal(settings, "awaitFeatureSupport"),
    setAllConfig: internal(config, "setAllConfig"),
    deserializeInputs: internal(providerServer, "deserializeInputs"),
    waitForRPCs: internal(settings, "waitForRPCs"),
  };
}

function internal<Function>(module: object, name: string): Function {
  const found: unknown = Reflect.get(module, name);
  if (typeof found !== "function") {
    throw new Error(`this version of @pulumi/pulumi has no ${name}: use one from 3.259.0 on, below 4`);
  }
  return found as Function;
}

/** Points the runtime at the engine that asks. To be called inside of `withLocalStorage`. */
export async function configureRuntime(
  runtime: PulumiRuntime,
  request: ConstructRequest,
  engineAddress: string,
): Promise<void> {
  settings.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engineAddress,
    request.getMonitorendpoint(),
    request.getDryrun(),
    request.getOrganization(),
  );
  await runtime.awaitFeatureSupport();
  runtime.setAllConfig(Object.fromEntries(request.getConfigMap().entries()), request.getConfigsecretkeysList());
}

/** A component that was made, and what the program that asked for it sees of it. */
export interface ConstructedComponent {
  readonly resource: ComponentResource;
  readonly outputs: Inputs;
}
