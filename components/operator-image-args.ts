/** Which image the controller runs as, or how it is built. */
import type { Input } from "@pulumi/pulumi";

/** When a node pulls the image. */
export type PullPolicy = "Always" | "IfNotPresent" | "Never";

/** An image in a registry, by its parts. */
export interface ImageReferenceArgs {
  /** Registry and path, without tag: `registry.example.com/external-secrets`. */
  readonly repository: Input<string>;
  /** Default: the version of this package. */
  readonly tag?: Input<string>;
  /** `sha256:…`: pins the content, whatever the tag points to. Default: none. */
  readonly digest?: Input<string>;
  /** Default `IfNotPresent`. */
  readonly pullPolicy?: Input<PullPolicy>;
}

/** How to log in to a registry, to push. */
export interface ImageRegistryArgs {
  /** Host of the registry. */
  readonly address: Input<string>;
  readonly username?: Input<string>;
  /** Pass a secret (`config.requireSecret(…)`), so that it is one in the state. */
  readonly password?: Input<string>;
}

/** A build of the controller's image from what this package ships: its bundle and its Dockerfile. */
export interface ImageBuild {
  /** Names with registry and tag that the image is pushed as. The Deployment refers to the first, by digest. */
  readonly tags: Input<Input<string>[]>;
  /** Logins to push with. Default: those of the machine (`docker login`). */
  readonly registries?: Input<Input<ImageRegistryArgs>[]>;
  /** `linux/amd64`, `linux/arm64`. Default: the builder's own platform. */
  readonly platforms?: Input<Input<string>[]>;
  /** Whether to push to the registry. Default true. */
  readonly push?: Input<boolean>;
  /** Image that the controller's files are put upon; needs glibc, no shell. Default: the Dockerfile's, distroless. */
  readonly baseImage?: Input<string>;
  /** Image that the Node program is taken from. Default: the Dockerfile's, `node:24-bookworm-slim`. */
  readonly nodeImage?: Input<string>;
  /** More arguments of `Image` of `@pulumi/docker-build`: `cacheFrom`, `cacheTo`, `builder`, `load`, `buildOnPreview`. Default: none. */
  readonly imageArgs?: Readonly<Record<string, Input<unknown>>>;
}

/** An image that `pulumi up` builds. Needs the package `@pulumi/docker-build` in your program, and docker where it runs. */
export interface ImageBuildArgs {
  readonly build: ImageBuild;
  /** Default `IfNotPresent`. */
  readonly pullPolicy?: Input<PullPolicy>;
}

/** A reference as text, by its parts, or a build. */
export type ImageArgs = Input<string | ImageReferenceArgs> | ImageBuildArgs;
