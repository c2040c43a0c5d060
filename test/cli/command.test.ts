import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "../../cli/command.ts";
import { CONTROLLER_FLAGS } from "../../cli/controller-flags.ts";
import { controllerOptionsOf, logLevelOf } from "../../cli/controller-options.ts";
import { parseFlags, UsageError } from "../../cli/parse-flags.ts";
import { DEFAULT_OPTIONS } from "../../controller/options.ts";

const identity = { name: "me", namespace: "mine" };
const optionsOf = (...args: string[]) => controllerOptionsOf(parseFlags(CONTROLLER_FLAGS, args), identity);

/** Runs a command line with nothing around it. */
async function run(...args: string[]) {
  let output = "";
  let errors = "";
  const code = await runCommand(args, {
    version: "1.2.3",
    environment: {},
    homeFolder: undefined,
    identity: "me",
    signal: AbortSignal.abort(new Error("at once")),
    writeOutput: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
    },
  });
  return { code, output, errors };
}

test("the heartbeat of a status is a duration, never, or each refresh", () => {
  assert.equal(optionsOf("--status-heartbeat=10m").statusHeartbeatMs, 600_000);
  assert.equal(optionsOf("--status-heartbeat=each").statusHeartbeatMs, 0);
  assert.equal(optionsOf("--status-heartbeat=0").statusHeartbeatMs, undefined);
  assert.throws(() => optionsOf("--status-heartbeat=often"), /"often" is none of a duration such as 1h, 0 and each/);
  assert.equal(optionsOf("--deletion-confirmation=30s").deletionConfirmationMs, 30_000);
  assert.equal(optionsOf("--strict-ready").strictReady, true);
});

test("without flags the options are the defaults", () => {
  assert.deepEqual(optionsOf(), DEFAULT_OPTIONS);
});

test("flags are read as Go reads them", () => {
  const options = optionsOf(
    "--concurrent=3",
    "--namespace",
    "a",
    "-store-requeue-interval=1m30s",
    "-enable-flood-gate=false",
  );
  assert.equal(options.concurrent, 3);
  assert.deepEqual(options.namespaces, ["a"]);
  assert.equal(options.storeRequeueIntervalMs, 90_000);
  assert.equal(options.floodGate, false);
});

test("namespaces are a list, and an empty one is not the whole cluster", () => {
  assert.deepEqual(optionsOf("--namespaces=a, b,a").namespaces, ["a", "b"]);
  assert.equal(optionsOf("--namespace=").namespaces, undefined);
  assert.throws(() => optionsOf("--namespaces="), /--namespaces names no namespace/);
  assert.throws(() => optionsOf("--namespaces=a", "--namespace=b"), /both given/);
});

test("a boolean flag does not take the next argument", () => {
  assert.throws(() => optionsOf("--enable-flood-gate", "false"), /"false" is no flag/);
});

test("a wrong command line is told with what to write", () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["--concurent=3"], /^unknown flag --concurent; did you mean --concurrent\?$/],
    [["--something-else-entirely"], /^unknown flag --something-else-entirely$/],
    [["--concurrent"], /^--concurrent needs a value$/],
    [["--concurrent=many"], /^--concurrent: "many" is no whole number$/],
    [["--concurrent=0"], /^--concurrent must be at least 1$/],
    [["--store-requeue-interval=5"], /^--store-requeue-interval: "5" is no duration; write one such as 5m/],
    [["--store-requeue-interval=0s"], /^--store-requeue-interval must be longer than 0$/],
    [["--loglevel=loud"], /^--loglevel: "loud" is not one of debug, info/],
    [["--live-addr=8082"], /^--live-addr: "8082" is no address; write one such as :8080, or 0 for none$/],
    [["--enable-flood-gate=maybe"], /^--enable-flood-gate: "maybe" is no boolean/],
    [
      ["--enable-leader-election", "--leader-election-renew-deadline=20s"],
      /must be shorter than --leader-election-lease-duration/,
    ],
  ];
  for (const [args, message] of cases) {
    assert.throws(
      () => optionsOf(...args),
      (error) => error instanceof UsageError && message.test(error.message),
      String(args),
    );
  }
});

test("leader election uses the process's own name and namespace", () => {
  assert.deepEqual(optionsOf("--enable-leader-election").leaderElection, {
    leaseName: "external-secrets-controller",
    namespace: "mine",
    identity: "me",
    leaseDurationMs: 15_000,
    renewDeadlineMs: 10_000,
    retryPeriodMs: 2_000,
  });
});

test("zap's levels above error are error", () => {
  assert.equal(logLevelOf(parseFlags(CONTROLLER_FLAGS, ["--loglevel=fatal"])), "error");
});

test("the arguments that ESO's chart sets are all accepted", () => {
  const args = [
    "--enable-leader-election=true",
    "--controller-class=x",
    "--concurrent=1",
    "--metrics-addr=:8080",
    "--loglevel=info",
    "--zap-time-encoding=epoch",
    "--enable-cluster-external-secret-reconciler=false",
    "--enable-push-secret-reconciler=false",
    "--enable-secrets-caching",
    "--enable-vault-token-cache",
    "--enable-extended-metric-labels=true",
  ];
  assert.equal(optionsOf(...args).controllerClass, "x");
});

test("help and version are shown", async () => {
  assert.deepEqual(await run("version"), { code: 0, output: "1.2.3\n", errors: "" });
  const general = await run("--help");
  assert.equal(general.code, 0);
  assert.match(general.output, /Usage: external-secrets/);
  const { output } = await run("controller", "--help");
  for (const { name } of CONTROLLER_FLAGS) assert.ok(output.includes(`--${name}`), name);
});

test("errors are one line and an exit code, without a stack", async () => {
  assert.deepEqual(await run("controler"), {
    code: 2,
    output: "",
    errors: 'external-secrets: unknown command "controler"; see external-secrets help\n',
  });
  assert.equal((await run("--concurent=3")).code, 2);
  const unconfigured = await run("controller");
  assert.equal(unconfigured.code, 1);
  assert.match(
    unconfigured.errors,
    /^external-secrets: no Kubernetes configuration found.*set KUBECONFIG or give --kubeconfig\n$/,
  );
});

test("a flag without effect is accepted and said to have none", async () => {
  const { errors } = await run("--enable-secrets-caching");
  assert.match(errors, /"msg":"--enable-secrets-caching has no effect here: .*"/);
});

test("metrics by TLS need a certificate", () => {
  assert.throws(() => optionsOf("--metrics-secure"), /--metrics-secure needs --metrics-cert-dir/);
  assert.deepEqual(optionsOf("--metrics-secure", "--metrics-cert-dir=/certs", "--metrics-key-name=k.pem").metricsTls, {
    certificateFile: "/certs/tls.crt",
    keyFile: "/certs/k.pem",
  });
  assert.equal(optionsOf("--metrics-auth").metricsAuth, true);
});

test("calls to the API server are limited by the API server alone unless a flag says otherwise", () => {
  assert.equal(parseFlags(CONTROLLER_FLAGS, []).number("client-qps"), 0);
  assert.equal(parseFlags(CONTROLLER_FLAGS, ["--client-qps=5"]).number("client-qps"), 5);
});
