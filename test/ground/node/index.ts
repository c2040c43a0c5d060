/** A real node: what tests and the quickstart use. */
export { nodeRefusal } from "./node-requirements.ts";
export { type GroundNode, type NodeOptions, startNode } from "./start-node.ts";
