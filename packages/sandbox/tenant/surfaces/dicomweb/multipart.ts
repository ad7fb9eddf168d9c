/** One part of a multipart body. */
export interface Part {
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * Splits a `multipart/related` body (RFC 2387).
 * @returns undefined when the content type is another one or names no boundary
 */
export function splitMultipart(contentType: string, body: Buffer): readonly Part[] | undefined {
  const boundary = /^multipart\/related\s*;.*\bboundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    const next = body.indexOf(delimiter, start);
    if (next < 0) break;
    const head = body.indexOf("\r\n\r\n", start);
    if (head >= 0 && head < next) {
      const headers = body.toString("latin1", start, head);
      const type = /^content-type:\s*([^\r\n]+)/im.exec(headers)?.[1] ?? "";
      parts.push({ contentType: type.trim().toLowerCase(), body: body.subarray(head + 4, next - 2) });
    }
    at = next;
  }
  return parts;
}

/** Joins bodies of one content type to a `multipart/related` body. */
export function joinMultipart(
  contentType: string,
  bodies: readonly Buffer[],
  boundary: string,
): { readonly contentType: string; readonly body: Buffer } {
  const parts = bodies.flatMap((body) => [
    Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\n\r\n`),
    body,
    Buffer.from("\r\n"),
  ]);
  return {
    contentType: `multipart/related; type="${contentType}"; boundary="${boundary}"`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
