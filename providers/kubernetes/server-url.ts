/** The address of the API server as the store gives it. */

/** Of the cluster that the controller runs in. */
const OWN_SERVER = "kubernetes.default";
const OWN_HOSTS = /^kubernetes(?:\.default(?:\.svc(?:\..+)?)?)?$/;

/** With `https://` where no scheme is given; undefined where it is no http or https URL. Default: this cluster's server. */
export function serverUrlOf(url: string | undefined): string | undefined {
  const address = url || OWN_SERVER;
  const whole = address.includes("://") ? address : `https://${address}`;
  const protocol = URL.parse(whole)?.protocol;
  return protocol === "https:" || protocol === "http:" ? whole : undefined;
}

/** Whether it is the name under which a cluster serves its own API server to its pods. */
export function isOwnServer(url: string): boolean {
  return OWN_HOSTS.test(URL.parse(url)?.hostname ?? "");
}
