/** Go's values as the template engine holds them. Everything that a template can see is one of these, and nothing else. */

/**
 * A value of a template.
 *
 * - `undefined`: the zero `reflect.Value`; prints as `<no value>`
 * - `null`: an interface that holds nil
 * - `string`: a Go string, ONE CHARACTER PER BYTE (each code is 0 to 255): lengths, slices and indexes are Go's, and bytes
 *   that are no UTF-8 pass through untouched. `goString` and `textOf` convert.
 * - `bigint`: an `int` (64 bits, wrapping); `number`: a `float64`
 */
export type GoValue =
  | undefined
  | null
  | boolean
  | string
  | bigint
  | number
  | GoNumber
  | GoSlice
  | GoMap
  | GoStruct
  | GoFunction;

/** Every number that is neither `int` nor `float64`: `int64`, `uint8`, `time.Duration`, `time.Month`, … */
export class GoNumber {
  /** The type's full name, as `%T` prints it. */
  readonly type: string;
  /** The underlying kind. */
  readonly kind: NumberKind;
  /** Within the kind's range; a bigint for integers, a number for float32. */
  readonly value: bigint | number;
  /** Methods by name; none for plain kinds. */
  readonly methods: Methods;

  constructor(kind: NumberKind, value: bigint | number, type: string = kind, methods: Methods = {}) {
    this.kind = kind;
    this.value = value;
    this.type = type;
    this.methods = methods;
  }
}

/** `int` only for named types: `time.Month`, `time.Weekday`. */
export type NumberKind =
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float32";

/** A slice. `items` is never shared between two values unless Go would share it. */
export class GoSlice {
  /** The element's type as `%T` prints it: `interface {}`, `string`, `int`, `uint8` (then it is a `[]byte`, items are bigint-free numbers 0–255). */
  readonly element: string;
  readonly items: readonly GoValue[] | Uint8Array;

  constructor(
    items: readonly GoValue[] | Uint8Array,
    element: string = items instanceof Uint8Array ? "uint8" : "interface {}",
  ) {
    this.items = items;
    this.element = element;
  }
}

/** The items of a nil slice, told by identity: it is empty, but is `null` as JSON and not deeply equal to an empty one. */
export const nilItems: readonly GoValue[] = Object.freeze([]);

/** A map with string keys. Templates change maps in place (`set`, `unset`, `merge`), so `entries` is mutable. */
export class GoMap {
  /** The element's type: `interface {}`, `string`. */
  readonly element: string;
  /** Keys are Go strings. The order has no meaning: printing and ranging sort by key. */
  readonly entries: Map<string, GoValue>;

  constructor(entries: Map<string, GoValue> = new Map(), element = "interface {}") {
    this.entries = entries;
    this.element = element;
  }
}

/** A struct, or a pointer to one, with fields in their order and the methods that templates may call. */
export class GoStruct {
  /** As `%T` prints it: `time.Time`, `*semver.Version`, `sprig.certificate`. */
  readonly type: string;
  readonly fields: ReadonlyMap<string, GoValue>;
  readonly methods: Methods;
  /** What JavaScript code behind the functions works with: a date, a version. Templates cannot reach it. */
  readonly native: unknown;
  /** What fmt prints by the type's own String method; unset: the fields are printed. */
  readonly print: (() => string) | undefined;

  constructor(options: {
    readonly type: string;
    readonly fields?: ReadonlyMap<string, GoValue>;
    readonly methods?: Methods;
    readonly native?: unknown;
    readonly print?: () => string;
  }) {
    this.type = options.type;
    this.fields = options.fields ?? new Map();
    this.methods = options.methods ?? {};
    this.native = options.native;
    this.print = options.print;
  }
}

/** Methods by their Go name; looked up with `Object.hasOwn` only. */
export type Methods = Readonly<Record<string, GoFunction>>;

/**
 * A parameter's type: `interface {}` takes anything; the others take what Go's reflection would assign to them, which the
 * engine checks before the call, with Go's errors ("wrong type for value; expected string; got int"). `uint32` arrives as a
 * `GoNumber`. `sprig.HashAlgorithm` takes a literal string only: a string of a variable or a pipeline is of another type.
 */
export type ParameterType =
  | "interface {}"
  | "string"
  | "bool"
  | "int"
  | "int64"
  | "float64"
  | "[]string"
  | "[]uint8"
  | "[]interface {}"
  | "map[string]interface {}"
  | "time.Time"
  | "time.Duration"
  | "*time.Location"
  | "*semver.Version"
  | "uint32"
  | "sprig.certificate"
  | "sprig.HashAlgorithm"
  | "error";

/** What a function may ask of its surroundings; nothing else is reachable from a template. */
export interface CallContext {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Cryptographically secure random bytes. */
  randomBytes(length: number): Uint8Array;
  /**
   * Counts work against the template's limits: `steps` elementary steps, or about so many bytes produced.
   * @throws TemplateLimitExceeded
   */
  spend(steps: number): void;
}

/** A function of a template. A Go function's second result, an error, is thrown as `GoError`. */
export class GoFunction {
  readonly name: string;
  readonly parameters: readonly ParameterType[];
  /** The type of each further argument; unset: there may be none. */
  readonly variadic: ParameterType | undefined;
  readonly call: (args: readonly GoValue[], context: CallContext) => GoValue;

  constructor(
    name: string,
    parameters: readonly ParameterType[],
    call: (args: readonly GoValue[], context: CallContext) => GoValue,
    variadic?: ParameterType,
  ) {
    this.name = name;
    this.parameters = parameters;
    this.call = call;
    this.variadic = variadic;
  }
}

/** Functions by name; looked up in a `Map`, never on an object. */
export type FunctionMap = ReadonlyMap<string, GoFunction>;

/**
 * The error that a function returns; the engine adds the template's name, position and the call. `message` is a Go string and
 * never holds a value of the data. Go's own message may quote arguments: `quoting` gives it with those that are literals of the template.
 */
export class GoError extends Error {
  override readonly name = "GoError";
  /** The message in which the arguments of those indexes are quoted that `isLiteral` holds for; an ellipsis is in the place of others. */
  readonly quoting: (isLiteral: (argument: number) => boolean) => string;

  constructor(message: string | ((isLiteral: (argument: number) => boolean) => string)) {
    super(typeof message === "string" ? message : message(() => false));
    this.quoting = typeof message === "string" ? () => message : message;
  }
}

/** A limit of the engine was passed: output, steps, nesting or time. */
export class TemplateLimitExceeded extends Error {
  override readonly name = "TemplateLimitExceeded";
}

/** The Go string of a text (UTF-8) or of bytes. */
export function goString(value: string | Uint8Array): string {
  return typeof value === "string"
    ? Buffer.from(value, "utf8").toString("latin1")
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1");
}

/** The text of a Go string; bytes that are no UTF-8 become U+FFFD. For looking at characters, not for passing values on. */
export function textOf(value: string): string {
  return Buffer.from(value, "latin1").toString("utf8");
}

/** The bytes of a Go string. */
export function bytesOf(value: string): Uint8Array {
  return Buffer.from(value, "latin1");
}
