/**
 * Test equipment: stands in for the providers of AWS, Azure, Google Cloud and Vault, so that whole programs run through the real
 * engine. Its resources are in the state only, and told to the server that CLOUD_REGISTRY names; what they would do is judged by
 * their inputs. Those of Vault are real.
 */
import { createHash } from "node:crypto";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty, Struct, servePlugin, unary } from "../engine-protocol.ts";
import { changesBetween } from "../kubernetes-provider/property-changes.ts";
import { mapValues, type Properties, stringAt, UNKNOWN } from "../kubernetes-provider/property-values.ts";
import { propertiesOf } from "../kubernetes-provider/resource-handlers.ts";
import { callFunction } from "./functions.ts";
import { tellRegistry } from "./registrations.ts";
import { cloudResource } from "./resource-kinds.ts";
import { deleteFromVault, type VaultAccess, vaultAccess, writeToVault } from "./vault-writes.ts";

const SDK_VERSION_FLAG = "--sdk-version=";

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const nameOf = (urn: string): string => urn.split("::")[3] ?? "";
const uniqueOf = (urn: string): string => createHash("sha256").update(urn).digest("hex");

function check(request: InstanceType<typeof provider.CheckRequest>) {
  const urn = request.getUrn();
  const news = propertiesOf(request.getNews());
  const { autonamed } = cloudResource(typeOf(urn));
  const response = new provider.CheckResponse();
  if (autonamed === undefined || news[autonamed] !== undefined) return response.setInputs(Struct.fromJavaScript(news));
  const kept = stringAt(propertiesOf(request.getOlds()), autonamed);
  const name = kept || `${nameOf(urn)}-${uniqueOf(urn).slice(0, 7)}`;
  return response.setInputs(Struct.fromJavaScript({ ...news, [autonamed]: name }));
}

function diff(request: InstanceType<typeof provider.DiffRequest>) {
  const changes = changesBetween(propertiesOf(request.getOldInputs()), propertiesOf(request.getNews()));
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse().setHasdetaileddiff(true);
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  const { ADD, DELETE, UPDATE } = provider.PropertyDiff.Kind;
  const kinds = { add: ADD, delete: DELETE, update: UPDATE };
  for (const { path, kind } of changes) {
    response.getDetaileddiffMap().set(path, new provider.PropertyDiff().setKind(kinds[kind]).setInputdiff(true));
  }
  return response;
}

/** The outputs: the inputs, and what the cloud computes; at a preview of a new resource that is not known yet. */
function outputsOf(urn: string, inputs: Properties, isNew: boolean): { id: string; outputs: Properties } {
  const { id, ...computed } = cloudResource(typeOf(urn)).describe(inputs, uniqueOf(urn));
  return { id, outputs: { ...inputs, ...(isNew ? mapValues(computed, () => UNKNOWN) : computed) } };
}

/** Where resources are more than entries of the state. */
interface Surroundings {
  readonly vault: VaultAccess | undefined;
  /** Address of the registry. */
  readonly registry: string | undefined;
}

async function create(request: InstanceType<typeof provider.CreateRequest>, { vault, registry }: Surroundings) {
  const [urn, inputs, isPreview] = [request.getUrn(), propertiesOf(request.getProperties()), request.getPreview()];
  if (!isPreview && vault !== undefined) await writeToVault(vault, typeOf(urn), inputs);
  const { id, outputs } = outputsOf(urn, inputs, isPreview);
  if (!isPreview) await tellRegistry(registry, "PUT", { urn, type: typeOf(urn), properties: outputs });
  const response = new provider.CreateResponse().setProperties(Struct.fromJavaScript(outputs));
  return isPreview ? response : response.setId(id);
}

async function update(request: InstanceType<typeof provider.UpdateRequest>, { vault, registry }: Surroundings) {
  const [urn, inputs, isPreview] = [request.getUrn(), propertiesOf(request.getNews()), request.getPreview()];
  if (!isPreview && vault !== undefined) await writeToVault(vault, typeOf(urn), inputs);
  const { outputs } = outputsOf(urn, inputs, false);
  if (!isPreview) await tellRegistry(registry, "PUT", { urn, type: typeOf(urn), properties: outputs });
  return new provider.UpdateResponse().setProperties(Struct.fromJavaScript(outputs));
}

function read(request: InstanceType<typeof provider.ReadRequest>) {
  const response = new provider.ReadResponse().setId(request.getId());
  return response.setProperties(request.getProperties()).setInputs(request.getInputs());
}

async function remove(request: InstanceType<typeof provider.DeleteRequest>, { vault, registry }: Surroundings) {
  const [urn, properties] = [request.getUrn(), propertiesOf(request.getProperties())];
  if (vault !== undefined) await deleteFromVault(vault, typeOf(urn), properties);
  await tellRegistry(registry, "DELETE", { urn, type: typeOf(urn), properties });
  return new Empty();
}

function main(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): void {
  const sdkVersion = args.find((arg) => arg.startsWith(SDK_VERSION_FLAG))?.slice(SDK_VERSION_FLAG.length) ?? "0.0.0";
  const surroundings = { vault: vaultAccess(environment), registry: environment.CLOUD_REGISTRY };
  const version = `${sdkVersion}+test-stand-in`;
  servePlugin(providerServices.ResourceProviderService, {
    handshake: unary(() => new provider.ProviderHandshakeResponse()),
    attach: unary(() => new Empty()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    getSchema: unary(() => new provider.GetSchemaResponse().setSchema("{}")),
    checkConfig: unary((request: InstanceType<typeof provider.CheckRequest>) =>
      new provider.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(() => new provider.DiffResponse().setChanges(provider.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(() => new provider.ConfigureResponse().setSupportspreview(true)),
    invoke: unary((request: InstanceType<typeof provider.InvokeRequest>) =>
      new provider.InvokeResponse().setReturn(Struct.fromJavaScript(callFunction(request.getTok()))),
    ),
    check: unary(check),
    diff: unary(diff),
    create: unary((request: InstanceType<typeof provider.CreateRequest>) => create(request, surroundings)),
    read: unary(read),
    update: unary((request: InstanceType<typeof provider.UpdateRequest>) => update(request, surroundings)),
    delete: unary((request: InstanceType<typeof provider.DeleteRequest>) => remove(request, surroundings)),
    cancel: unary(() => new Empty()),
  });
}

main(process.argv.slice(2), process.env);
