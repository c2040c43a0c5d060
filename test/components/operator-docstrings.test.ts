import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { withArgumentTables } from "../../scripts/component-reference.ts";
import { ArgumentTypes } from "../../scripts/component-schema/argument-types.ts";
import { projectFolder } from "../../scripts/run-step.ts";

const types = new ArgumentTypes(join(projectFolder, "components"));

/** Where the type says it of all its fields. */
const SAID_BY_THE_TYPE = ["ProbeArgs"];
/** Two of which one is needed. */
const WITHOUT_DEFAULT = [
  "PodDisruptionBudgetArgs.minAvailable",
  "ImageRegistryArgs.username",
  "ImageRegistryArgs.password",
];

test("each option of the operator says what it does and its default", () => {
  const roots = ["ExternalSecretsOperatorArgs"];
  const seen = new Set<string>();
  for (const name of roots) {
    if (seen.has(name) || SAID_BY_THE_TYPE.includes(name)) continue;
    seen.add(name);
    const declaration = types.find(name);
    if (declaration === undefined || !ts.isInterfaceDeclaration(declaration)) continue;
    for (const property of types.propertiesOf(declaration)) {
      const place = `${name}.${property.name}`;
      const isRight = property.isOptional ? /[Dd]efault/.test(property.description) : property.description !== "";
      assert.ok(isRight || WITHOUT_DEFAULT.includes(place), place);
      roots.push(...(property.type.getText().match(/\w+Args\b|ImageBuild\b/g) ?? []));
    }
  }
  assert.ok(seen.size >= 20, `${[...seen]}`);
});

test("a table of arguments has a row for each, with what it inherits or without", () => {
  const table = (block: string) => withArgumentTables(`${block}\n<!-- end of arguments -->`).split("\n");
  const own = table("<!-- arguments: ExternalSecretsOperatorArgs own -->");
  assert.ok(own.some((line) => line.startsWith("| `image` | `ImageArgs` | **Needed.** ")));
  assert.ok(!own.some((line) => line.startsWith("| `scope` |")));
  assert.ok(table("<!-- arguments: ExternalSecretsOperatorArgs -->").some((line) => line.startsWith("| `scope` |")));
  assert.throws(() => table("<!-- arguments: Nothing -->"), /components\/ declares no interface or union Nothing/);
});
