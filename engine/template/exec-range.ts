/** `range`: over lists, maps in the order of their keys, and integers. */

import type { BranchNode } from "./ast.ts";
import { type BodyContext, compilePipeline } from "./exec-pipelines.ts";
import type { Run } from "./exec-run.ts";
import { compileList, type Execute, LEAVE } from "./exec-statements.ts";
import { typeName } from "./fmt/type-names.ts";
import { GoMap, GoNumber, GoSlice, type GoValue } from "./go-value.ts";

/** One iteration; false if the loop ends with it. */
type Iterate = (run: Run, index: GoValue, element: GoValue) => boolean;

/** Compiles a `range` with its variables and its else list. */
export function compileRange(body: BodyContext, node: BranchNode): Execute {
  const { scope } = body;
  const mark = scope.mark();
  const { dotContainer } = scope;
  const evaluate = compilePipeline(body, node.pipe);
  const container = scope.newSlot();
  const assign = compileLoopVariables(body, node, container);
  const afterPipe = scope.mark();
  scope.dotContainer = container;
  const list = compileList(body, node.list);
  scope.release(afterPipe);
  scope.dotContainer = dotContainer;
  const elseList = node.elseList === undefined ? undefined : compileList(body, node.elseList);
  scope.release(mark);
  const iterate: Iterate = (run, index, element) => {
    run.step();
    assign(run, index, element);
    return list(run, element) !== LEAVE;
  };
  const takesIndex = node.pipe.declarations.length > 1;
  return (run, dot) => {
    run.node = node;
    const collection = evaluate(run, dot, undefined);
    run.variables[container] = collection;
    if (loop(run, collection, iterate, takesIndex)) return undefined;
    const left = elseList?.(run, dot);
    // As in Go: a `break` in the else list ends this range only, though there has to be one around it.
    return left === LEAVE ? undefined : left;
  };
}

/** Sets the loop's variables: with one it is the element, with two the index comes first. */
function compileLoopVariables(
  { scope }: BodyContext,
  { pipe }: BranchNode,
  container: number,
): (run: Run, index: GoValue, element: GoValue) => void {
  const slots = pipe.declarations.map(({ names }) => scope.find(names[0] ?? "")?.slot ?? scope.newSlot());
  const names = pipe.declarations.map(({ names }) => names[0] ?? "");
  const elementSlot = slots[slots.length - 1];
  const elementName = names[names.length - 1];
  if (elementSlot === undefined || elementName === undefined) return () => {};
  if (!pipe.isAssign) scope.bindElement(elementName, container);
  const indexSlot = slots.length > 1 ? slots[0] : undefined;
  return (run, index, element) => {
    if (indexSlot !== undefined) run.variables[indexSlot] = index;
    run.variables[elementSlot] = element;
  };
}

/** Goes through a collection; false if there was nothing to go through. */
function loop(run: Run, collection: GoValue, iterate: Iterate, takesIndex: boolean): boolean {
  if (collection instanceof GoSlice) return loopSlice(run, collection, iterate);
  if (collection instanceof GoMap) return loopMap(run, collection, iterate);
  if (typeof collection === "bigint") return loopInteger(run, collection, iterate, takesIndex, (value) => value);
  if (collection instanceof GoNumber && typeof collection.value === "bigint") {
    const { kind, type, methods } = collection;
    return loopInteger(run, collection.value, iterate, takesIndex, (value) => new GoNumber(kind, value, type, methods));
  }
  if (collection === undefined || collection === null) return false;
  return run.fail(`range can't iterate over a value of type ${typeName(collection)}`);
}

function loopSlice(run: Run, { items }: GoSlice, iterate: Iterate): boolean {
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const element =
      typeof item === "number" && items instanceof Uint8Array ? new GoNumber("uint8", BigInt(item)) : item;
    if (!iterate(run, BigInt(index), element)) break;
  }
  return items.length > 0;
}

function loopMap(run: Run, { entries }: GoMap, iterate: Iterate): boolean {
  // The body may change the map; Go goes through what was there before.
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of sorted) {
    if (!iterate(run, key, value)) break;
  }
  return sorted.length > 0;
}

function loopInteger(
  run: Run,
  end: bigint,
  iterate: Iterate,
  takesIndex: boolean,
  elementOf: (value: bigint) => GoValue,
): boolean {
  if (takesIndex) run.fail("can't use an integer to iterate over more than one variable");
  for (let value = 0n; value < end; value++) {
    if (!iterate(run, undefined, elementOf(value))) break;
  }
  return end > 0n;
}
