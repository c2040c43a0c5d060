/** Pulumi's mocks, set for this process: every resource that is registered is kept with its inputs. */
import { runtime } from "@pulumi/pulumi";

type MockResourceArgs = runtime.MockResourceArgs;

/** What a program registered, in order. */
export interface RecordedResources {
  readonly all: readonly MockResourceArgs[];
  /** The one of that type and name. @throws where there is none. */
  find(type: string, name: string): MockResourceArgs;
  ofType(type: string): readonly MockResourceArgs[];
  clear(): void;
}

/** Must be awaited before the components are used. */
export async function recordResources(): Promise<RecordedResources> {
  const all: MockResourceArgs[] = [];
  await runtime.setMocks(
    {
      newResource(args) {
        all.push(args);
        const arn = args.type.startsWith("aws:") ? { arn: `arn:aws:mock::123456789012:${args.name}` } : {};
        return { id: `${args.name}-id`, state: { ...arn, ...args.inputs } };
      },
      call: (args) => args.inputs,
    },
    "project",
    "stack",
    false,
  );
  const find = (type: string, name: string) => {
    const found = all.find((resource) => resource.type === type && resource.name === name);
    if (found === undefined)
      throw new Error(`no ${type} named ${name}; there are ${all.map((r) => `${r.type} ${r.name}`)}`);
    return found;
  };
  return {
    all,
    find,
    ofType: (type) => all.filter((resource) => resource.type === type),
    clear: () => void all.splice(0),
  };
}

/** Waits until an output has its value. */
export function settled<T>(output: { apply(callback: (value: T) => void): unknown }): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}
