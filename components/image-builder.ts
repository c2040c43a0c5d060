/** The optional package that builds images, loaded only where an image is built. */
import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";

/** The part of `@pulumi/docker-build` that is used. */
export interface ImageBuilder {
  readonly Image: new (
    name: string,
    args: Record<string, Input<unknown>>,
    options: CustomResourceOptions,
  ) => { readonly ref: Output<string> };
}

/**
 * @param load imports the package.
 * @throws Error that names the package to install, where it is missing.
 */
export async function loadImageBuilder(
  load: () => Promise<unknown> = () => import("@pulumi/docker-build/image.js"),
): Promise<ImageBuilder> {
  try {
    return (await load()) as ImageBuilder;
  } catch (error) {
    if (!isNotInstalled(error)) throw error;
    throw new Error(
      "image.build of ExternalSecretsOperator needs the package @pulumi/docker-build: run `npm install @pulumi/docker-build`, or set image to a reference",
      { cause: error },
    );
  }
}

function isNotInstalled(error: unknown): boolean {
  return error instanceof Error && "code" in error && /MODULE_NOT_FOUND$/.test(String(error.code));
}
