/** The resource options that a program in another process gave to a component. */
import {
  type Alias,
  type ComponentResourceOptions,
  DependencyProviderResource,
  DependencyResource,
  type ProviderResource,
  rootStackResource,
} from "@pulumi/pulumi";
import type { ConstructRequest } from "./pulumi-runtime.ts";

type AliasMessage = ReturnType<ConstructRequest["getAliasesList"]>[number];

/** The options, for the constructor of the component. */
export function constructOptions(request: ConstructRequest): ComponentResourceOptions {
  const timeouts = request.getCustomtimeouts()?.toObject();
  const deletedWith = request.getDeletedwith();
  const parent = request.getParent();
  return {
    aliases: request.getAliasesList().flatMap(aliasOf),
    dependsOn: request.getDependenciesList().map((urn) => new DependencyResource(urn)),
    providers: providersOf(request),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ...(request.hasProtect() ? { protect: request.getProtect() === true } : {}),
    ...(request.hasRetainondelete() ? { retainOnDelete: request.getRetainondelete() === true } : {}),
    ...(parent === "" ? {} : { parent: new DependencyResource(parent) }),
    ...(timeouts === undefined ? {} : { customTimeouts: timeouts }),
    ...(deletedWith === "" ? {} : { deletedWith: new DependencyResource(deletedWith) }),
  };
}

function providersOf(request: ConstructRequest): Record<string, ProviderResource> {
  const references = [...request.getProvidersMap().entries()];
  return Object.fromEntries(references.map(([name, reference]) => [name, new DependencyProviderResource(reference)]));
}

function aliasOf(message: AliasMessage): (string | Alias)[] {
  if (message.hasUrn()) return [message.getUrn()];
  const spec = message.getSpec();
  if (spec === undefined) return [];
  const [name, project, stack] = [spec.getName(), spec.getProject(), spec.getStack()];
  return [
    {
      ...(name === "" ? {} : { name }),
      ...(project === "" ? {} : { project }),
      ...(stack === "" ? {} : { stack }),
      ...(spec.hasParenturn() ? { parent: spec.getParenturn() } : {}),
      ...(spec.hasNoparent() && spec.getNoparent() ? { parent: rootStackResource } : {}),
    },
  ];
}
