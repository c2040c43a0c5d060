/** The reference of the image that the Deployment runs. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { all, type CustomResourceOptions, type Input, Output, output } from "@pulumi/pulumi";
import { definedFields } from "./defined-fields.ts";
import { loadImageBuilder } from "./image-builder.ts";
import type { ImageArgs, ImageBuild, ImageBuildArgs, ImageReferenceArgs, PullPolicy } from "./operator-image-args.ts";
import { packageFile } from "./package-file.ts";

/** What the container takes. */
export interface ContainerImage {
  readonly reference: Output<string>;
  readonly pullPolicy: Input<PullPolicy>;
}

/**
 * The reference, of an image that is built first where `image.build` says so.
 * @param pullPolicy where the image does not say it.
 * @throws Error where this package was not built; in the Output, Error that names the package to install, where `@pulumi/docker-build`
 * is missing.
 */
export function containerImage(
  name: string,
  image: ImageArgs,
  child: CustomResourceOptions,
  pullPolicy: Input<PullPolicy> = "IfNotPresent",
): ContainerImage {
  if (isReference(image)) return { reference: referenceOf(image), pullPolicy: image.pullPolicy ?? pullPolicy };
  if (!isBuild(image)) {
    return typeof image === "string" ? { reference: output(image), pullPolicy } : lateImage(image, pullPolicy);
  }
  const args = buildArgs(image.build);
  // Unknown at preview, and registered all the same: a promise is awaited at preview, too.
  const built = loadImageBuilder().then(({ Image }) => new Image(`${name}-image`, args, child).ref);
  return { reference: output(built), pullPolicy: image.pullPolicy ?? pullPolicy };
}

/** What comes from another language may be known only later as a whole. */
function lateImage(image: Input<string | ImageReferenceArgs>, otherwise: Input<PullPolicy>): ContainerImage {
  const late = all([image, otherwise]).apply(([known, policy]) =>
    typeof known === "string"
      ? { reference: output(known), pullPolicy: policy }
      : { reference: referenceOf(known), pullPolicy: known.pullPolicy ?? policy },
  );
  return { reference: late.reference, pullPolicy: late.pullPolicy };
}

function isReference(image: ImageArgs): image is ImageReferenceArgs {
  return isPlainObject(image) && "repository" in image;
}

function isBuild(image: ImageArgs): image is ImageBuildArgs {
  return isPlainObject(image) && "build" in image;
}

function isPlainObject(image: ImageArgs): image is ImageReferenceArgs | ImageBuildArgs {
  return typeof image === "object" && !Output.isInstance(image) && !(image instanceof Promise);
}

function referenceOf({ repository, tag, digest }: ImageReferenceArgs): Output<string> {
  return all([repository, tag, digest]).apply(([path, givenTag, givenDigest]) => {
    if (givenDigest === undefined) return `${path}:${givenTag ?? packageVersion()}`;
    return `${path}${givenTag === undefined ? "" : `:${givenTag}`}@${givenDigest}`;
  });
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { readonly version: string };
  return version;
}

function buildArgs(build: ImageBuild): Record<string, Input<unknown>> {
  const baseArgs = { BASE_IMAGE: build.baseImage, NODE_IMAGE: build.nodeImage, VERSION: packageVersion() };
  return {
    context: { location: dirname(packageFile("dist/bin/external-secrets.mjs")) },
    dockerfile: { location: packageFile("controller/Dockerfile") },
    buildArgs: definedFields<Record<string, Input<string>>>(baseArgs),
    tags: build.tags,
    push: build.push ?? true,
    ...definedFields<Record<string, Input<unknown>>>({ registries: build.registries, platforms: build.platforms }),
    ...build.imageArgs,
  };
}
