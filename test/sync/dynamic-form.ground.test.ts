/** SyncedSecret as a dynamic resource through the same suite as the executable form; in a file of its own, so that both run at a time. */
import { describeForm } from "./form-suite.ts";
import { describeInWorld } from "./sync-suites.ts";

describeInWorld("SyncedSecret", (world) => describeForm("dynamic", world));
