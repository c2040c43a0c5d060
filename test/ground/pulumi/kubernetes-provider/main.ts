/**
 * Test equipment: stands in for `pulumi-resource-kubernetes` where the official plugin can't be had. It works on a real API
 * server by server-side apply, and covers plain resources of the `@pulumi/kubernetes` SDK: no Helm, no Kustomize, no patch
 * resources, no components that run inside the provider.
 */

import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { connectEngineLog, Empty, type EngineLog, Struct, servePlugin, unary } from "../engine-protocol.ts";
import { openCluster } from "./cluster.ts";
import { decodeYaml } from "./decode-yaml.ts";
import { readKubeConfig } from "./kube-config.ts";
import { type ProviderContext, readProviderOptions, unsupported } from "./provider-options.ts";
import { check, create, diff, propertiesOf, read, remove, update } from "./resource-handlers.ts";

/** The version of the SDK that the program uses; the engine wants a plugin that is not older. */
const SDK_VERSION_FLAG = "--sdk-version=";

/** State of one plugin process: it is configured once. */
interface Session {
  /** That of the SDK, marked as a stand-in. */
  readonly version: string;
  log: EngineLog | undefined;
  context: ProviderContext | undefined;
  readonly cancelled: AbortController;
}

function configure(session: Session, request: InstanceType<typeof provider.ConfigureRequest>) {
  const variables = request.getVariablesMap();
  const variable = (name: string) => variables.get(`kubernetes:config:${name}`) ?? "";
  const log = session.log;
  if (log === undefined) throw new Error("The engine gave no address to report to");
  const cluster = openCluster(
    readKubeConfig({
      kubeconfig: variable("kubeconfig"),
      context: variable("context"),
      cluster: variable("cluster"),
      namespace: variable("namespace"),
      environment: process.env,
    }),
  );
  const options = readProviderOptions(variable, process.env);
  session.context = { cluster, options, log, signal: session.cancelled.signal };
  log.log("info", `Kubernetes provider ${session.version}: test equipment, not Pulumi's own`);
  return new provider.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
}

async function invoke(context: ProviderContext, request: InstanceType<typeof provider.InvokeRequest>) {
  const token = request.getTok();
  if (token !== "kubernetes:yaml:decode") throw unsupported(`The function ${token}`);
  const { text, defaultNamespace } = propertiesOf(request.getArgs());
  if (typeof text !== "string") throw new Error(`${token}: text must be a string`);
  const result = await decodeYaml(context, text, typeof defaultNamespace === "string" ? defaultNamespace : "");
  return new provider.InvokeResponse().setReturn(Struct.fromJavaScript({ result }));
}

function main(args: readonly string[]): void {
  const sdkVersion = args.find((arg) => arg.startsWith(SDK_VERSION_FLAG))?.slice(SDK_VERSION_FLAG.length) ?? "4.0.0";
  const version = `${sdkVersion}+test-stand-in`;
  const session: Session = { version, log: undefined, context: undefined, cancelled: new AbortController() };
  const reportTo = (address: string | undefined) => {
    if (address) session.log ??= connectEngineLog(address);
  };
  reportTo(args.find((arg) => !arg.startsWith("-")));
  const configured = <Request, Response>(handle: (context: ProviderContext, request: Request) => Promise<Response>) =>
    unary((request: Request) => {
      if (session.context === undefined) throw new Error("The Kubernetes provider is not configured");
      return handle(session.context, request);
    });
  servePlugin(providerServices.ResourceProviderService, {
    handshake: unary((request: InstanceType<typeof provider.ProviderHandshakeRequest>) => {
      reportTo(request.getEngineAddress());
      return new provider.ProviderHandshakeResponse().setAcceptSecrets(true);
    }),
    attach: unary((request: InstanceType<typeof plugin.PluginAttach>) => {
      reportTo(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    getSchema: unary(() => new provider.GetSchemaResponse().setSchema("{}")),
    checkConfig: unary((request: InstanceType<typeof provider.CheckRequest>) =>
      new provider.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(() => new provider.DiffResponse().setChanges(provider.DiffResponse.DiffChanges.DIFF_UNKNOWN)),
    configure: unary((request: InstanceType<typeof provider.ConfigureRequest>) => configure(session, request)),
    invoke: configured(invoke),
    check: configured(check),
    diff: configured(diff),
    create: configured(create),
    read: configured(read),
    update: configured(update),
    delete: configured(remove),
    construct: unary((request: InstanceType<typeof provider.ConstructRequest>) => {
      throw unsupported(`The component ${request.getType()}`);
    }),
    cancel: unary(() => {
      session.cancelled.abort();
      return new Empty();
    }),
  });
}

main(process.argv.slice(2));
