import { isMapping } from "dicom-service-client/model";
import { parsedJson } from "./parsedJson";

/** What a JWT claims, without a check; empty when it is none. */
export function claimsOfToken(token: string): Readonly<Record<string, unknown>> {
  const parts = token.split(".");
  if (parts.length !== 3) return {};
  const claims = parsedJson(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
  return isMapping(claims) ? claims : {};
}
