/**
 * Sprig's functions of lists, each with its `must` variant: those report errors where the plain ones panic, which a template
 * cannot tell apart.
 */
import { kindName } from "../fmt/index.ts";
import {
  type CallContext,
  GoError,
  type GoFunction,
  GoSlice,
  type GoValue,
  nilItems,
  type ParameterType,
} from "../go-value.ts";
import { toInt64, truncated } from "./cast.ts";
import { deepEqual } from "./deep-equal.ts";
import { asInt, define, type FunctionBody, isNil, itemsOf, listOf } from "./define.ts";
import { isEmpty } from "./empty.ts";

const any: ParameterType = "interface {}";

/** The functions by their names in sprig. */
export function listFunctions(): GoFunction[] {
  return [
    ...["list", "tuple"].map((name) => define(name, [], (args) => listOf([...args]), any)),
    ...["append", "push", "mustAppend", "mustPush"].map((name) =>
      define(name, [any, any], ([list, item]) => listOf([...checked(list, "push on"), item])),
    ),
    ...both("prepend", ([list, item]) => listOf([item, ...checked(list, "prepend on")]), 2),
    ...both("first", ([list]) => checked(list, "find first on")[0] ?? null, 1),
    ...both("last", ([list]) => checked(list, "find last on").at(-1) ?? null, 1),
    ...both("rest", ([list]) => withoutOne(checked(list, "find rest on"), 1), 1),
    ...both("initial", ([list]) => withoutOne(checked(list, "find initial on"), 0), 1),
    ...both("reverse", ([list]) => listOf([...checked(list, "find reverse on")].reverse()), 1),
    ...both("compact", ([list]) => listOf(checked(list, "compact on").filter((item) => !isEmpty(item))), 1),
    ...both("uniq", ([list], context) => uniq(checked(list, "find uniq on"), context), 1),
    ...both("has", ([needle, list], context) => has(needle, list, context), 2),
    ...both("chunk", ([size, list], context) => chunk(asInt(size), checked(list, "chunk type", ""), context), "chunk"),
    ...["without", "mustWithout"].map((name) => define(name, [any], without, any)),
    ...["slice", "mustSlice"].map((name) => define(name, [any], ([list, ...bounds]) => sliced(list, bounds), any)),
    define("concat", [], (lists, context) => concat(lists, context), any),
  ];
}

/** A function and its `must` variant. */
function both(name: string, body: FunctionBody, parameters: 1 | 2 | "chunk"): GoFunction[] {
  const types: ParameterType[] = parameters === "chunk" ? ["int", any] : parameters === 1 ? [any] : [any, any];
  const must = `must${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [define(name, types, body), define(must, types, body)];
}

/** The items of what must be a list. */
function checked(list: GoValue, doing: string, type = "type "): readonly GoValue[] {
  if (isNil(list)) throw nilDereference();
  if (!(list instanceof GoSlice)) throw new GoError(`Cannot ${doing} ${type}${kindName(list)}`);
  return itemsOf(list);
}

function nilDereference(): GoError {
  return new GoError("runtime error: invalid memory address or nil pointer dereference");
}

/** Without the first (1) or the last (0); of an empty list, a nil slice. */
function withoutOne(items: readonly GoValue[], from: 0 | 1): GoSlice {
  if (items.length === 0) return listOf(nilItems);
  return listOf(from === 1 ? items.slice(1) : items.slice(0, -1));
}

function includes(items: readonly GoValue[], wanted: GoValue, context: CallContext): boolean {
  return items.some((item) => deepEqual(wanted, item, context));
}

function uniq(items: readonly GoValue[], context: CallContext): GoSlice {
  const kept: GoValue[] = [];
  for (const item of items) if (!includes(kept, item, context)) kept.push(item);
  return listOf(kept);
}

function has(needle: GoValue, list: GoValue, context: CallContext): boolean {
  return !isNil(list) && includes(checked(list, "find has on"), needle, context);
}

function without([list, ...omitted]: readonly GoValue[], context: CallContext): GoSlice {
  return listOf(checked(list, "find without on").filter((item) => !includes(omitted, item, context)));
}

/** From the first bound to before the second one, of the same type. */
function sliced(list: GoValue, bounds: readonly GoValue[]): GoValue {
  if (isNil(list)) throw nilDereference();
  if (!(list instanceof GoSlice)) throw new GoError(`list should be type of slice or array but ${kindName(list)}`);
  const length = BigInt(list.items.length);
  if (length === 0n) return null;
  const start = bounds.length > 0 ? toInt64(bounds[0]) : 0n;
  const end = bounds.length > 1 ? toInt64(bounds[1]) : length;
  if (start < 0n || end < start || end > length) throw new GoError("reflect.Value.Slice: slice index out of bounds");
  return new GoSlice(list.items.slice(Number(start), Number(end)), list.element);
}

/** Lists of `size` items; odd sizes end as Go's float arithmetic ends them. */
function chunk(sizeWanted: bigint, items: readonly GoValue[], context: CallContext): GoSlice {
  const size = Number(sizeWanted);
  const count = Number(truncated(Math.floor((items.length - 1) / size) + 1));
  if (count < 0) throw tooLong();
  context.spend(items.length + count);
  const chunks: GoSlice[] = [];
  for (let index = 0; index < count; index++) {
    const length = index === count - 1 ? Math.floor(items.length % size) || size : size;
    if (length < 0) throw tooLong();
    chunks.push(listOf(items.slice(index * size, index * size + length)));
  }
  return new GoSlice(chunks, "[]interface {}");
}

function tooLong(): GoError {
  return new GoError("runtime error: makeslice: len out of range");
}

function concat(lists: readonly GoValue[], context: CallContext): GoSlice {
  const items = lists.flatMap((list) => {
    if (isNil(list)) throw nilDereference();
    if (!(list instanceof GoSlice)) throw new GoError(`Cannot concat type ${kindName(list)} as list`);
    context.spend(list.items.length);
    return itemsOf(list);
  });
  return listOf(items.length === 0 ? nilItems : items);
}
