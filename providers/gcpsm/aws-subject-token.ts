/** An AWS identity as a subject token: a signed GetCallerIdentity request, which Google sends on to AWS. */
import { type SigningKeys, signedHeaders } from "../signature-v4.ts";

export interface AwsSubject extends SigningKeys {
  readonly region: string;
  /** Address of AWS's STS; `{region}` stands for the region. Default: the region's own. */
  readonly verificationUrl?: string;
}

const DEFAULT_URL = "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15";

/** The request, signed for the workload identity provider alone, as Google wants it: JSON, percent-encoded. */
export function awsSubjectToken(subject: AwsSubject, audience: string, nowMs: number): string {
  const url = new URL((subject.verificationUrl ?? DEFAULT_URL).replaceAll("{region}", subject.region));
  const toSign = { method: "POST", url, body: "", region: subject.region, service: "sts", nowMs } as const;
  const headers = { "x-goog-cloud-target-resource": audience };
  const signed = signedHeaders({ ...toSign, headers }, subject);
  const request = {
    url: url.href,
    method: "POST",
    headers: Object.entries(signed).map(([key, value]) => ({ key, value })),
  };
  return encodeURIComponent(JSON.stringify(request));
}
