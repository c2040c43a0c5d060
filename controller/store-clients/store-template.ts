/** Templates in the texts of stores (webhooks), rendered by the engine. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../api/clock.ts";
import type { TemplateData } from "../../providers/contract.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";

/** As `StoreContext.renderTemplate`. The engine's templates are loaded when the first text has one. */
export async function renderStoreTemplate(
  clock: Clock,
  field: string,
  text: string,
  data: TemplateData,
): Promise<Uint8Array> {
  if (!text.includes("{{")) return new TextEncoder().encode(text);
  const [{ compileTemplate, TemplateError, TemplateLimitExceeded }, { GoMap, goString }, { functionMap }] =
    await Promise.all([
      import("../../engine/template/index.ts"),
      import("../../engine/template/go-value.ts"),
      import("../../engine/template/functions/index.ts"),
    ]);
  const groups = Object.entries(data).map(([name, values]): [string, InstanceType<typeof GoMap>] => [
    goString(name),
    new GoMap(new Map([...values].map(([key, value]) => [goString(key), goString(value)])), "string"),
  ]);
  try {
    const template = compileTemplate(field, new TextEncoder().encode(text), { functions: functionMap() });
    const context = { now: () => clock.now(), randomBytes };
    return template.execute(new GoMap(new Map(groups), "map[string]string"), { context });
  } catch (error) {
    if (!(error instanceof TemplateError || error instanceof TemplateLimitExceeded)) throw error;
    throw new InvalidConfiguration(`${field}: ${error.message}`, { field, remedy: "correct the template" });
  }
}
