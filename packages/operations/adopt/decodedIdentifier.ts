/**
 * The text behind a secret's `customKeyIdentifier`, in which older tools keep its description: the portal and az in UTF-16, PowerShell
 * in UTF-8.
 *
 * @param identifier base64
 * @returns the identifier itself when it is no text
 */
export function decodedIdentifier(identifier: string): string {
  const bytes = Buffer.from(identifier, "base64");
  const hasMark = bytes.length > 2 && bytes.readUInt16LE(0) === 0xfeff;
  const texts = (hasMark ? ["utf-16le"] : ["utf-8", "utf-16le"]).flatMap((encoding) =>
    decoded(bytes, encoding),
  );
  return texts[0] ?? identifier;
}

function decoded(bytes: Buffer, encoding: string): readonly string[] {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text === "" || /[\p{Cc}\p{Cn}\p{Co}]/u.test(text) ? [] : [text];
  } catch {
    return [];
  }
}
