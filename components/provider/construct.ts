/** Answers the engine's call `construct`: makes a component for a program in another language. */
import { InputPropertiesError, InputPropertyError, runtime as pulumi, type Resource } from "@pulumi/pulumi";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { toStruct } from "../../sync/provider/messages.ts";
import { componentOf } from "./component-table.ts";
import { constructOptions } from "./construct-options.ts";
import { type ConstructRequest, configureRuntime, pulumiRuntime } from "./pulumi-runtime.ts";

type ConstructResponse = InstanceType<typeof messages.ConstructResponse>;

/**
 * Makes the component and all of its resources, with the settings of the engine that asks; calls may overlap.
 * @param engineAddress of the engine, for its log.
 * @throws Error for a type that there is not, and what the component's constructor throws.
 */
export async function construct(request: ConstructRequest, engineAddress: string): Promise<ConstructResponse> {
  const runtime = pulumiRuntime();
  return runtime.withLocalStorage(async () => {
    await configureRuntime(runtime, request, engineAddress);
    const component = componentOf(request.getType());
    const inputs = await runtime.deserializeInputs(request.getInputs(), request.getInputdependenciesMap());
    const { resource, outputs } = await component(request.getName(), inputs, constructOptions(request));
    const response = new messages.ConstructResponse().setUrn(await settledValue(resource.urn));
    const label = `construct(${request.getType()}, ${request.getName()})`;
    const [state, dependencies] = await pulumi.serializeResourceProperties(label, outputs);
    response.setState(toStruct(state));
    for (const [output, resources] of dependencies) {
      const urns = await Promise.all([...resources].map((each: Resource) => settledValue(each.urn)));
      const message = new messages.ConstructResponse.PropertyDependencies().setUrnsList(urns);
      response.getStatedependenciesMap().set(output, message);
    }
    await runtime.waitForRPCs();
    return response;
  });
}

function settledValue<T>(output: { apply(callback: (value: T) => void): unknown }): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

/** An error of an argument says which one; others are told as they are. */
export function constructError(error: unknown): Error {
  if (InputPropertyError.isInstance(error)) return new Error(`${error.propertyPath}: ${error.reason}`);
  if (InputPropertiesError.isInstance(error)) {
    const details = (error.errors ?? []).map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
    return new Error([error.message, ...details].filter((text) => text !== "").join("; "));
  }
  return error instanceof Error ? error : new Error(String(error));
}
