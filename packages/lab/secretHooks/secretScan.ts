/** A secret that a run has made. */
export interface Secret {
  /** What it is, for the report; never its value. */
  readonly name: string;
  readonly value: string;
}

/** A secret that was found, without its value. */
export interface Leak {
  readonly secret: string;
  /** How it was written. */
  readonly encoding: string;
}

/** Where a secret may lie: the file, from the folder that is searched, and the name of the secret. */
export type AllowedPlace = readonly [file: RegExp, secret: RegExp];

/** Where a sandbox tenant keeps secrets of its own, and no others: readable by their owner only. */
export const tenantSecretPlaces: readonly AllowedPlace[] = [
  [/(^|\/)tenant\/vault-key$/, /vault key$/],
  [/(^|\/)tenant\/signing-key\.pem$/, /signing key$|private key$/],
  [/(^|\/)tenant\/server\.json$/, /control key$/],
  [/(^|\/)tenant\/tls\/[^/]*key[^/]*$/, /TLS key|private key$/],
];

/** Forms by which a secret is recognised that nobody has announced. */
const forms: readonly (readonly [name: string, form: RegExp])[] = [
  ["a client secret", /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}/],
  ["a token or client assertion", /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----[\\nr\s]+[A-Za-z0-9+/]{40}/],
];

/**
 * Looks for secrets in what a run has left behind: announced ones in every usual encoding, others by their form.
 *
 * @param bytes anything, also binary.
 */
export function findSecrets(bytes: Buffer, secrets: readonly Secret[]): Leak[] {
  const text = bytes.toString("latin1");
  const announced = secrets.flatMap(({ name, value }) =>
    encodingsOf(value)
      .filter(({ texts }) => texts.some((one) => text.includes(one)))
      .slice(0, 1)
      .map(({ encoding }): Leak => ({ secret: name, encoding })),
  );
  if (announced.length > 0) return announced;
  return forms.filter(([, form]) => form.test(text)).map(([secret]) => ({ secret, encoding: "as it is" }));
}

/** The ways in which a text may be written down. */
function encodingsOf(value: string): { readonly encoding: string; readonly texts: readonly string[] }[] {
  const bytes = Buffer.from(value);
  const latin1 = bytes.toString("latin1");
  const json = JSON.stringify(latin1).slice(1, -1);
  return [
    { encoding: "as it is", texts: [latin1] },
    { encoding: "in JSON", texts: [json, JSON.stringify(json).slice(1, -1)] },
    {
      encoding: "in a URL",
      texts: [encodeURIComponent(value), new URLSearchParams({ v: value }).toString().slice(2)],
    },
    { encoding: "in base64", texts: insideBase64(bytes) },
    { encoding: "in hexadecimal", texts: [bytes.toString("hex"), bytes.toString("hex").toUpperCase()] },
    { encoding: "in HTML", texts: [latin1.replaceAll("&", "&amp;").replaceAll("<", "&lt;")] },
  ];
}

/** What base64 makes of bytes that stand somewhere in other bytes: the characters that depend on them alone. */
function insideBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.subarray(0, padded.length - (padded.length % 3));
    const skipped = before === 0 ? 0 : 4;
    return [whole.toString("base64").slice(skipped), whole.toString("base64url").slice(skipped)];
  });
}
