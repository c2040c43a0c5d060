import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, beforeEach, test } from "node:test";
import { output } from "@pulumi/pulumi";
import { loadImageBuilder } from "../../components/image-builder.ts";
import { containerImage } from "../../components/operator-image.ts";
import { projectFolder } from "../../scripts/run-step.ts";
import { type OperatorFixture, operatorFixture } from "./installed-operator.ts";
import { settled } from "./recorded-resources.ts";

let it: OperatorFixture;
before(async () => {
  it = await operatorFixture();
});
beforeEach(() => it.resources.clear());

const { version } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")) as { version: string };
const repository = "registry.test/external-secrets";

test("an image is a reference, or its parts, with the package's version as tag", async () => {
  const referenceOf = async (image: Parameters<typeof containerImage>[1]) =>
    settled(containerImage("eso", image, {}).reference);
  assert.equal(await referenceOf("a/b:1"), "a/b:1");
  assert.equal(await referenceOf(output("a/b:1")), "a/b:1");
  assert.equal(await referenceOf(output({ repository, tag: "2" })), `${repository}:2`);
  assert.equal(await referenceOf({ repository }), `${repository}:${version}`);
  assert.equal(await referenceOf({ repository, tag: "2" }), `${repository}:2`);
  assert.equal(await referenceOf({ repository, digest: "sha256:0" }), `${repository}@sha256:0`);
  assert.equal(await referenceOf({ repository, tag: output("2"), digest: "sha256:0" }), `${repository}:2@sha256:0`);
});

test("the pull policy stands with the image, or beside a reference", async () => {
  await it.install({ image: { repository, pullPolicy: "Always" } });
  assert.equal(it.container().imagePullPolicy, "Always");
  it.resources.clear();
  await it.install({ imagePullPolicy: "Never" });
  assert.equal(it.container().imagePullPolicy, "Never");
  it.resources.clear();
  await it.install({ image: output({ repository }), imagePullPolicy: "Never" });
  assert.equal(it.container().imagePullPolicy, "Never");
});

test("a build takes the package's bundle and Dockerfile, and the Deployment what it gives", async (context) => {
  if (!existsSync(join(projectFolder, "dist/bin/external-secrets.mjs"))) {
    const build = { tags: [`${repository}:dev`] };
    assert.throws(() => containerImage("eso", { build }, {}), /has no dist\/bin\/external-secrets.mjs/);
    context.diagnostic("the package is not built: its absence is told");
    return;
  }
  await it.install({
    image: {
      build: {
        tags: [`${repository}:dev`],
        platforms: ["linux/arm64"],
        baseImage: "registry.test/base",
        imageArgs: { ref: `${repository}@sha256:1` },
      },
    },
  });
  const { inputs, name } = it.resources.ofType("docker-build:index:Image")[0] ?? assert.fail("no image");
  assert.equal(name, "eso-image");
  assert.equal(inputs.context.location, join(projectFolder, "dist/bin"));
  assert.equal(inputs.dockerfile.location, join(projectFolder, "controller/Dockerfile"));
  assert.deepEqual(inputs.tags, [`${repository}:dev`]);
  assert.deepEqual(inputs.platforms, ["linux/arm64"]);
  assert.equal(inputs.push, true);
  assert.deepEqual(inputs.buildArgs, { BASE_IMAGE: "registry.test/base", VERSION: version });
});

test("without the optional package a build names what to install", async () => {
  const missing = () => import(`@pulumi/${"docker-build-that-is-not-there"}`);
  await assert.rejects(
    loadImageBuilder(missing),
    /image\.build of ExternalSecretsOperator needs the package @pulumi\/docker-build: run `npm install @pulumi\/docker-build`/,
  );
});
