import { randomBytes } from "node:crypto";

/** Positions of a GUID's bytes in .NET's order: the first three groups are little-endian. */
const dotNetOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  return Buffer.from(dotNetOrder.map((position) => bytes.readUInt8(position)));
}

/** Graph's id of a delegated grant: base64url of client, resource and, for one user's consent, that user. */
export function grantId(clientId: string, resourceId: string, principalId: string | null): string {
  const guids = principalId === null ? [clientId, resourceId] : [clientId, resourceId, principalId];
  return Buffer.concat(guids.map(guidBytes)).toString("base64url");
}

/** Graph's id of an app role assignment: base64url of the principal and 16 bytes of its own. */
export function appRoleAssignmentId(principalId: string): string {
  return Buffer.concat([guidBytes(principalId), randomBytes(16)]).toString("base64url");
}
