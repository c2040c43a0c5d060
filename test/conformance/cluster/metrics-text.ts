/** Numbers out of the text that `/metrics` serves. */

export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All samples of a Prometheus text. */
export function parseMetrics(text: string): readonly MetricSample[] {
  return text.split("\n").flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    return match === null ? [] : [{ name: match[1] ?? "", labels: labelsOf(match[2] ?? ""), value: Number(match[3]) }];
  });
}

/** `name{label=value,…}` as a case writes it. */
export function parseSelector(selector: string): Omit<MetricSample, "value"> {
  const match = /^(\w+)(?:\{(.*)\})?$/.exec(selector);
  const pairs = (match?.[2] ?? "").split(",").filter((pair) => pair !== "");
  const labels = Object.fromEntries(pairs.map((pair) => pair.split("=") as [string, string]));
  return { name: match?.[1] ?? selector, labels };
}

/** The value of the sample that has these labels and maybe others; 0 where there is none. */
export function sampleOf(samples: readonly MetricSample[], wanted: Omit<MetricSample, "value">): number {
  const fits = ({ name, labels }: MetricSample) =>
    name === wanted.name && Object.entries(wanted.labels).every(([label, value]) => labels[label] === value);
  return samples.find(fits)?.value ?? 0;
}

/** `0`, `">=2"` and `">0"` as a case writes them. */
export function isAsWanted(value: number, wanted: unknown): boolean {
  const match = /^(>=|>)(\d+)$/.exec(String(wanted));
  if (match === null) return value === Number(wanted);
  return match[1] === ">=" ? value >= Number(match[2]) : value > Number(match[2]);
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, value]) => [label, value]));
}
