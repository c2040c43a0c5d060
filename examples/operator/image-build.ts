/** An operator whose image `pulumi up` builds and pushes. */
import { Config } from "@pulumi/pulumi";
import { ExternalSecretsOperator } from "pulumi-external-secrets";

const config = new Config();
const address = config.require("registry");

export const operator = new ExternalSecretsOperator("external-secrets", {
  image: {
    build: {
      tags: [`${address}/external-secrets:0.1.0`],
      platforms: ["linux/amd64", "linux/arm64"],
      registries: [{ address, username: config.require("user"), password: config.requireSecret("password") }],
    },
  },
});
