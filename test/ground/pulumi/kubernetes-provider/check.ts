/** Completes a program's inputs: name and namespace. */
import {
  AUTONAMED,
  automaticName,
  isAnnotated,
  isPatchResource,
  kindFromType,
  typeFromUrn,
} from "./object-identity.ts";
import { objectFromInputs } from "./object-inputs.ts";
import {
  isProperties,
  isSecret,
  markSecrets,
  type Properties,
  plainProperties,
  propertiesAt,
  stringAt,
  UNKNOWN,
} from "./property-values.ts";
import { type ProviderContext, unsupported } from "./provider-options.ts";

export interface CheckInputs {
  readonly urn: string;
  /** The inputs of last time; empty for a new resource and for a replacement. */
  readonly olds: Properties;
  readonly news: Properties;
  readonly randomSeed: Uint8Array;
  /** A name that the engine proposes by its own autonaming settings. */
  readonly proposedName: string;
}

/** @throws for what the stand-in can't do: lists, generateName; for a patch resource without a name. */
export async function checkInputs(context: ProviderContext, request: CheckInputs): Promise<Properties> {
  const { urn, olds, news } = request;
  const plain = plainProperties(news);
  refuseUnsupported(urn, plain);
  const given = plain.metadata;
  if (given === UNKNOWN || (isSecret(news.metadata) && !isProperties(given))) return news;
  let metadata = propertiesAt(plain, "metadata");
  if (metadata.name === undefined) {
    const old = objectFromInputs(olds);
    const adopted = isAnnotated(old, AUTONAMED) ? stringAt(propertiesAt(old, "metadata"), "name") : "";
    const name = adopted || request.proposedName || automaticName(urn, request.randomSeed);
    metadata = { ...metadata, name, annotations: withAutonamed(metadata) };
  }
  if (metadata.namespace === undefined && (await isNamespaced(context, plain))) {
    metadata = { ...metadata, namespace: context.cluster.defaultNamespace };
  }
  return markSecrets({ ...plain, metadata }, news);
}

function refuseUnsupported(urn: string, inputs: Properties): void {
  const { kind } = kindFromType(typeFromUrn(urn));
  if (isPatchResource(urn, inputs) && propertiesAt(inputs, "metadata").name === undefined) {
    throw new Error("patch resources require the `.metadata.name` field to be set");
  }
  if (kind.endsWith("List") && Array.isArray(inputs.items)) throw unsupported(`The list resource ${kind}`);
  if (propertiesAt(inputs, "metadata").generateName !== undefined) {
    throw new Error("metadata.generateName can't be used with server-side apply: leave metadata.name out instead");
  }
}

function withAutonamed(metadata: Properties): Properties | string {
  const annotations = metadata.annotations;
  return annotations === UNKNOWN ? UNKNOWN : { ...propertiesAt(metadata, "annotations"), [AUTONAMED]: "true" };
}

/** A kind that the server does not know (yet) is taken for a namespaced one; the create corrects it. */
async function isNamespaced({ cluster }: ProviderContext, inputs: Properties): Promise<boolean> {
  const served = await cluster.findKind(stringAt(inputs, "apiVersion"), stringAt(inputs, "kind"));
  return served?.namespaced ?? true;
}
