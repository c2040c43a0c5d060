/** The nodes of one YAML document, before any scalar is given a type. */

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string;
  /** The tag in full, such as `tag:yaml.org,2002:int`; empty where there is none. */
  readonly tag: string;
  /** Whether it has neither quotes nor a tag, so that its text decides the type. */
  readonly isPlain: boolean;
}

export interface SequenceNode {
  readonly kind: "sequence";
  readonly items: YamlNode[];
}

export interface MappingNode {
  readonly kind: "mapping";
  /** Keys and values in their order; a key may be any node. */
  readonly pairs: (readonly [key: YamlNode, value: YamlNode])[];
}

export interface AliasNode {
  readonly kind: "alias";
  readonly anchor: string;
  /** The aliased node, which may be one that holds this alias. */
  readonly target: YamlNode;
}

export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;
