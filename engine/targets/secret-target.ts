/** A Secret under construction. */
import { EXTERNAL_SECRET_TEXTS } from "../../api/external-secret-texts.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import type { TemplateTarget } from "./template-target.ts";

/** Has data, labels and annotations and nothing else: no template reaches the type, owners or other fields. */
export interface SecretTarget extends TemplateTarget {
  readonly data: SecretMap;
  readonly labels: Map<string, string>;
  readonly annotations: Map<string, string>;
}

/** @param data what is in the Secret before any template; it is copied */
export function createSecretTarget(data: SecretMap = new SecretMap()): SecretTarget {
  const target = {
    data: new SecretMap(data),
    labels: new Map<string, string>(),
    annotations: new Map<string, string>(),
  };
  return {
    ...target,
    put(part, key, value) {
      switch (part.toLowerCase()) {
        case "data":
          target.data.set(key, value);
          break;
        case "labels":
          target.labels.set(key, Buffer.from(value).toString());
          break;
        case "annotations":
          target.annotations.set(key, Buffer.from(value).toString());
          break;
        default:
          throw notPermitted(part);
      }
    },
    putStructure(path) {
      throw notPermitted(path);
    },
  };
}

function notPermitted(target: string): InvalidConfiguration {
  return new InvalidConfiguration(EXTERNAL_SECRET_TEXTS.templateTarget(JSON.stringify(target)), {
    field: "spec.target.template.templateFrom[].target",
    remedy: "use Data, Annotations or Labels",
  });
}
