/** Opens nothing: what each process takes. */
import { report } from "./probe.ts";

await report(() => undefined);
