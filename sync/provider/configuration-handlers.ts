/** The calls of the engine for the provider's own configuration. */
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { hasUnknown, type Properties, plainProperties } from "../property-values.ts";
import { changedPaths } from "../resource/changed-paths.ts";
import { storeFailures } from "../resource/check.ts";
import { CONFIGURATION_FIELDS, readConfiguration, type SyncConfiguration } from "../session/configuration.ts";
import { type KubeSurroundings, kubeConfigOf } from "../session/kube-access.ts";
import { fromStruct, toStruct } from "./messages.ts";

type CheckRequest = InstanceType<typeof messages.CheckRequest>;
type DiffRequest = InstanceType<typeof messages.DiffRequest>;

/** Which fields say which cluster it is. */
const CLUSTER_FIELDS = ["kubeconfig", "context"] as const;

/** Says what is wrong with the configuration, as far as it is known. */
export async function checkConfig(request: CheckRequest): Promise<InstanceType<typeof messages.CheckResponse>> {
  const news = fromStruct(request.getNews());
  const response = new messages.CheckResponse().setInputs(toStruct(news));
  const given = plainProperties(news);
  if (hasUnknown(given)) return response;
  const known: readonly string[] = [...CONFIGURATION_FIELDS, "version", "pluginDownloadURL"];
  const { configuration, problems } = readConfiguration(given);
  const unknown = Object.keys(given).filter((field) => !known.includes(field) && !field.startsWith("__"));
  const failures = [
    ...problems.map(({ field, reason }) => ({ property: field, reason })),
    ...unknown.map((field) => ({
      property: field,
      reason: `is no field; there are ${CONFIGURATION_FIELDS.join(", ")}`,
    })),
    ...(configuration.store === undefined ? [] : await storeFailures(configuration.store)),
  ];
  for (const { property, reason } of failures) {
    response.addFailures(new messages.CheckFailure().setProperty(property).setReason(reason));
  }
  return response;
}

/** Another cluster makes all resources anew; new credentials for the same one change nothing. */
export async function diffConfig(
  request: DiffRequest,
  surroundings: KubeSurroundings,
): Promise<InstanceType<typeof messages.DiffResponse>> {
  const { DIFF_SOME, DIFF_NONE, DIFF_UNKNOWN } = messages.DiffResponse.DiffChanges;
  const olds = plainProperties(fromStruct(request.hasOldInputs() ? request.getOldInputs() : request.getOlds()));
  const news = plainProperties(fromStruct(request.getNews()));
  const response = new messages.DiffResponse();
  if (hasUnknown(news)) return response.setChanges(DIFF_UNKNOWN);
  const changed = changedPaths(olds, news).map((path) => path.split(/[.[]/)[0] ?? path);
  const diffs = [...new Set(changed)].filter((field) => field !== "version");
  response.setChanges(diffs.length > 0 ? DIFF_SOME : DIFF_NONE).setDiffsList(diffs);
  const fields = CLUSTER_FIELDS.filter((field) => diffs.includes(field));
  if (fields.length > 0 && (await isOtherCluster(olds, news, surroundings))) response.setReplacesList(fields);
  return response;
}

async function isOtherCluster(olds: Properties, news: Properties, surroundings: KubeSurroundings): Promise<boolean> {
  const [before, after] = await Promise.all([olds, news].map((given) => serverOf(given, surroundings)));
  return before !== undefined && after !== undefined && before !== after;
}

/** A configuration that cannot be read any longer says nothing of the cluster. */
async function serverOf(given: Properties, surroundings: KubeSurroundings): Promise<string | undefined> {
  try {
    return (await kubeConfigOf(readConfiguration(given).configuration, surroundings)).server.href;
  } catch {
    return undefined;
  }
}

/**
 * The configuration of `Configure`, whose arguments are those that `checkConfig` let through.
 * @throws Error naming the fields that are wrong.
 */
export function configurationOf(request: InstanceType<typeof messages.ConfigureRequest>): SyncConfiguration {
  const { configuration, problems } = readConfiguration(plainProperties(fromStruct(request.getArgs())));
  if (problems.length === 0) return configuration;
  throw new Error(problems.map(({ field, reason }) => `external-secrets:${field} ${reason}`).join("; "));
}
