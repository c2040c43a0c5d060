/** The CRDs alone, as the operator installs them. */
import { Config } from "@pulumi/pulumi";
import { installCrds } from "../../../../components/crd-installation.ts";

const config = new Config();
installCrds("eso", { crds: config.getObject("crds") ?? {} }, {});
