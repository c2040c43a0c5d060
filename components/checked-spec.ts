/** Refuses a wrong spec at preview, before anything is sent to the cluster. */
import { type Input, type Output, output } from "@pulumi/pulumi";

/**
 * The spec as an Output that fails with the validator's lines, each naming its field. Parts that are not known yet at
 * preview are checked at `up`.
 * @throws (in the Output) Error naming the resource and every line.
 */
export function checkedSpec<Spec>(
  resource: string,
  spec: Input<unknown>,
  validate: (spec: Spec) => readonly string[],
): Output<unknown> {
  return (output(spec) as Output<unknown>).apply((plain) => {
    // The validators look at each part before they use it: they are made for objects that nothing has checked.
    const problems = validate(plain as Spec);
    if (problems.length > 0) throw new Error(`${resource}: ${problems.join("; ")}`);
    return plain;
  });
}
