/** Sprig's functions of JSON. */
import { type CallContext, GoError, type GoFunction, type GoValue } from "../../go-value.ts";
import { asString, define } from "../define.ts";
import { decodeJson } from "./decode.ts";
import { type EncodeOptions, encodeJson } from "./encode.ts";

/** The functions by their names in sprig. */
export function jsonFunctions(): GoFunction[] {
  const any = "interface {}";
  const compact = { escapesHtml: true };
  const pretty = { escapesHtml: true, isIndented: true };
  const raw = { escapesHtml: false };
  return [
    define("toJson", [any], ([value], context) => encodeOrNothing(value, compact, context)),
    define("mustToJson", [any], ([value], context) => encodeJson(value, compact, context)),
    define("toPrettyJson", [any], ([value], context) => encodeOrNothing(value, pretty, context)),
    define("mustToPrettyJson", [any], ([value], context) => encodeJson(value, pretty, context)),
    define("toRawJson", [any], ([value], context) => encodeJson(value, raw, context)),
    define("mustToRawJson", [any], ([value], context) => encodeJson(value, raw, context)),
    define("fromJson", ["string"], ([text], context) => decodeJson(asString(text), context).value),
    define("mustFromJson", ["string"], ([text], context) => {
      const { value, error } = decodeJson(asString(text), context);
      if (error !== undefined) throw error;
      return value;
    }),
  ];
}

/** Sprig's plain functions give an empty text where Go gives an error. */
function encodeOrNothing(value: GoValue, options: EncodeOptions, context: CallContext): string {
  try {
    return encodeJson(value, options, context);
  } catch (error) {
    if (error instanceof GoError) return "";
    throw error;
  }
}
