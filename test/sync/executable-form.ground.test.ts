/** SyncedSecret by the executable provider through all that `pulumi` does: real engine, real API server, real Vault, the AWS emulator. */
import { describeExample } from "./example-suite.ts";
import { describeExecutable } from "./executable-suite.ts";
import { describeForm } from "./form-suite.ts";
import { describeInWorld } from "./sync-suites.ts";

describeInWorld("SyncedSecret", (world) => describeForm("executable", world), describeExecutable, describeExample);
