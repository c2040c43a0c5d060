/** What is wrong with a YAML document. */

/**
 * The message is fit for a condition: it never quotes the document, for that is made of secret values. `goText` is the
 * whole text of Go's library, which `fromYaml` gives to the template as a value.
 */
export class YamlError extends Error {
  override readonly name = "YamlError";
  readonly goText: string;

  constructor(message: string, goText: string = message) {
    super(message);
    this.goText = goText;
  }
}

/** An error at a line (counted from 1; 0 where Go names none). */
export function yamlErrorAt(line: number, problem: string, goProblem: string = problem): YamlError {
  const where = line > 0 ? `line ${line}: ` : "";
  return new YamlError(`yaml: ${where}${problem}`, `yaml: ${where}${goProblem}`);
}
