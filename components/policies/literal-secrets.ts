/** What of a template is written out and looks like a credential. Says where and why, never what. */

/** How sure a random text has to look. */
export interface LiteralSecretLimits {
  /** Bits per character (Shannon) from which a text of letters and digits counts as random. */
  readonly minimumEntropy: number;
}

/** Anything between `{{` and `}}`: it comes from elsewhere, except for the texts that are quoted in it. */
const ACTION = /\{\{-?([\s\S]*?)-?\}\}/g;
const QUOTED = /"((?:[^"\\]|\\.)*)"|`([^`]*)`/g;
/** Stands where an action was; no character of a credential. */
const RENDERED = "\u0000";

/** `existingSecret: NAME` and the like name an object: of what ends in secret, only these hold one. */
const SECRET_NAME = new RegExp(
  `(?:^|[^a-z])(?:${[
    "pass(?:word|wd|phrase)?|pwd|token|credentials?",
    "(?:api|private|access|secret|signing|encryption|auth)[-_. ]?key",
    "(?:api|app|auth|client|consumer|cookie|hmac|jwt|oauth2?|session|shared|signing|webhook)[-_. ]?secret",
  ].join("|")})$|^secret$`,
  "i",
);

const KNOWN_FORMATS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, "an AWS access key id"],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}/, "a GitHub token"],
  [/\bglpat-[\w-]{16,}/, "a GitLab token"],
  [/\bxox[abeprs]-[\w-]{10,}/, "a Slack token"],
  [/\b[rs]k_(?:live|test)_\w{10,}/, "a Stripe key"],
  [/\bAIza[\w-]{30,}/, "a Google API key"],
  [/\bhv[bsr]\.[\w-]{20,}/, "a Vault token"],
  [/\bnpm_[A-Za-z0-9]{30,}/, "an npm token"],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/, "a JWT"],
];

/** `scheme://user:password@host`, whose password is written out at least in part. */
const PASSWORD_IN_URL = /:\/\/[^\s/:@]*:([^\s/@]+)@/;
/** `name: value` and `name=value`, as files of configuration have it. */
const ASSIGNMENT = /^[\s,{-]*["']?([\w.-]+)["']?\s*[:=]\s*["']?(.*?)(?:["'\s][\s,;}]*|[,;]*)$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What is said where no secret is: switches, numbers of seconds, paths of files, variables that others fill in. */
const NO_SECRET =
  /^(?:|true|false|yes|no|on|off|null|none|\d{1,3}[smhd]?|\/[\w./-]*|\$\w+|\$\{[\w.]+\}|\$\([\w.]+\))$/i;

/**
 * Why the text counts as a literal secret: `its name says that it is secret`, `line 3 holds a private key`; undefined
 * where nothing in it does. @param name the key that the text is the template of; a file's extension does not count.
 */
export function literalSecretReason(
  name: string | undefined,
  template: string,
  limits: LiteralSecretLimits,
): string | undefined {
  const literal = template.replace(ACTION, RENDERED);
  if (name !== undefined && isSecretName(name) && isWrittenOut(literal.trim())) {
    return "its name says that it is secret, and it holds no {{ }}";
  }
  const lines = literal.split("\n");
  const where = (index: number) => (lines.length === 1 ? "it" : `line ${index + 1}`);
  for (const [index, line] of lines.entries()) {
    const reason = reasonOfLine(line, limits);
    if (reason !== undefined) return `${where(index)} holds ${reason}`;
  }
  for (const quoted of quotedTexts(template)) {
    const reason = knownFormat(quoted) ?? (looksRandom(quoted, limits) ? "a text that looks random" : undefined);
    if (reason !== undefined) return `an action in it quotes ${reason}`;
  }
  return undefined;
}

function reasonOfLine(line: string, limits: LiteralSecretLimits): string | undefined {
  const known = knownFormat(line);
  if (known !== undefined) return known;
  const password = PASSWORD_IN_URL.exec(line)?.[1];
  if (password !== undefined && isWrittenOut(password)) return "a URL with a password";
  const [, name = "", value = ""] = ASSIGNMENT.exec(line) ?? [];
  if (isSecretName(name) && isWrittenOut(value)) return "a value whose name says that it is secret";
  return looksRandom(line, limits) ? "a text that looks random" : undefined;
}

function isSecretName(name: string): boolean {
  const separated = name.replace(/([a-z])([A-Z])/g, "$1_$2");
  return SECRET_NAME.test(separated) || SECRET_NAME.test(separated.replace(/\.\w{1,5}$/, ""));
}

function isWrittenOut(value: string): boolean {
  return !value.includes(RENDERED) && !NO_SECRET.test(value);
}

function knownFormat(text: string): string | undefined {
  return KNOWN_FORMATS.find(([pattern]) => pattern.test(text))?.[1];
}

function quotedTexts(template: string): string[] {
  return [...template.matchAll(ACTION)].flatMap(([, action = ""]) =>
    [...action.matchAll(QUOTED)].map(([, text, raw]) => text ?? raw ?? ""),
  );
}

/** Digests are long and random, and no secret: `sha256:…` and `sha256-…` are left out. */
function looksRandom(text: string, limits: LiteralSecretLimits): boolean {
  const words = text.replace(/\bsha\d{3}[:-][\w+/=]+/g, " ").match(/[A-Za-z0-9+/_=-]{20,}/g) ?? [];
  return words.some((word) => {
    if (UUID.test(word)) return false;
    if (/^[0-9a-f]{32,}$/i.test(word)) return entropyBits(word.toLowerCase()) >= 3;
    return word.split("/").some((part) => isMixed(part) && entropyBits(part) >= limits.minimumEntropy);
  });
}

/** Words of people are of letters, or of parts that a dash separates; keys mix upper, lower and digits. */
function isMixed(word: string): boolean {
  return word.length >= 20 && /[a-z]/.test(word) && /[A-Z]/.test(word) && (word.match(/\d/g) ?? []).length >= 2;
}

/** Shannon entropy in bits per character. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
