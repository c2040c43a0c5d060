/** The ways in which a Node program can be written, each run by the real engine. */
import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTempFolder } from "../temp-folder.ts";
import { openPulumi } from "./pulumi-cli.ts";

const NODE_MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** Runs `up`, a second `up` that must find nothing, and `destroy`; gives the outputs. */
async function runProgram(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
  const folder = await createTempFolder("ground-program");
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder.path, name)), { recursive: true });
      await writeFile(join(folder.path, name), content);
    }
    await symlink(NODE_MODULES, join(folder.path, "node_modules"));
    const pulumi = await openPulumi({ folder: folder.path, kubernetesProvider: "stand-in" });
    try {
      await pulumi.stackInit();
      await pulumi.configSet("greeting", "hello");
      await pulumi.configSet("token", "canary-8812", { secret: true });
      await pulumi.up();
      const outputs = await pulumi.outputs();
      await pulumi.up({ args: ["--expect-no-changes"] });
      assert.ok(!JSON.stringify(await pulumi.exportStack()).includes("canary-8812"));
      await pulumi.destroy();
      return outputs;
    } finally {
      await pulumi.close();
    }
  } finally {
    await folder.remove();
  }
}

const withoutTsNode = "name: modes\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n";

test("runs an ES module in TypeScript whose types Node strips, named by main or found as index.ts", async () => {
  const program = `
    import * as pulumi from "@pulumi/pulumi";
    import { shout } from "./shout.ts";
    const config = new pulumi.Config();
    class Greeting extends pulumi.ComponentResource {
      declare readonly text: pulumi.Output<string>;
      constructor(name: string) {
        super("modes:index:Greeting", name);
        this.text = pulumi.output(config.require("greeting")).apply(shout);
        this.registerOutputs({ text: this.text });
      }
    }
    export const text: pulumi.Output<string> = new Greeting("greeting").text;
    export const token = config.requireSecret("token");`;
  const shout = "export const shout = (text: string): string => text.toUpperCase();";
  const packageJson = '{ "type": "module" }';
  const expected = { text: "HELLO", token: "[secret]" };
  const found = { "index.ts": program, "shout.ts": shout, "package.json": packageJson, "Pulumi.yaml": withoutTsNode };
  assert.deepEqual(await runProgram(found), expected);
  // A package's own entry point does not hide the program that Pulumi.yaml names.
  const named = {
    "examples/greeting/main.ts": program,
    "examples/greeting/shout.ts": shout,
    "library.ts": "throw new Error('not the program')",
    "package.json": '{ "type": "module", "exports": { ".": "./library.ts" } }',
    "Pulumi.yaml": `${withoutTsNode}main: examples/greeting/main.ts\n`,
  };
  assert.deepEqual(await runProgram(named), expected);
});

test("runs a CommonJS program in JavaScript", async () => {
  const outputs = await runProgram({
    "bin/index.js": `
      const pulumi = require("@pulumi/pulumi");
      exports.text = new pulumi.Config().require("greeting");`,
    "package.json": '{ "main": "bin/index.js" }',
    "Pulumi.yaml": withoutTsNode,
  });
  assert.deepEqual(outputs, { text: "hello" });
});

test("runs a CommonJS program in TypeScript by ts-node, with a dynamic resource", async () => {
  const outputs = await runProgram({
    "index.ts": `
      import * as pulumi from "@pulumi/pulumi";
      enum Size { Small = 1, Large }
      const provider: pulumi.dynamic.ResourceProvider = {
        create: async (inputs) => ({ id: "greeting-1", outs: { text: inputs.text + "!" } }),
      };
      class Greeting extends pulumi.dynamic.Resource {
        public readonly text!: pulumi.Output<string>;
        constructor(name: string, text: pulumi.Input<string>) {
          super(provider, name, { text });
        }
      }
      export const text = new Greeting("greeting", new pulumi.Config().require("greeting")).text;
      export const size = Size.Large;`,
    "package.json": '{ "name": "modes" }',
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        module: "commonjs",
        moduleResolution: "node",
        target: "es2020",
        strict: true,
        skipLibCheck: true,
      },
    }),
    "Pulumi.yaml": "name: modes\nruntime: nodejs\n",
  });
  assert.deepEqual(outputs, { text: "hello!", size: 2 });
});

test("shows where a program fails, and its exit code says so", async () => {
  await assert.rejects(
    runProgram({
      "index.ts": "const size: number = 3; throw new Error('the program broke at ' + size);",
      "package.json": '{ "type": "module" }',
      "Pulumi.yaml": withoutTsNode,
    }),
    /^PulumiFailed: pulumi up ended with code .*the program broke at 3/s,
  );
});
