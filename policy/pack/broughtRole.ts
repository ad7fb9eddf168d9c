import { createHash } from "node:crypto";

/** The namespace from which the component draws the ids of the custom roles that its clients bring along. */
const namespace = Buffer.from("0f4c3a0e6f0b4a559a574c1f6f1d8a52", "hex");

/**
 * The id of the custom role that a client of the component brings along for a scope (`role: uploader`), computed as the component does.
 *
 * @param urn of the role's assignment: it names stack, project and client
 * @returns undefined when the assignment is not named as that of such a role
 */
export function broughtRoleId(urn: string, scope: string): string | undefined {
  const [, stack, project, , name] = /^urn:pulumi:([^:]+)::([^:]+)::(.+)::(.+)$/.exec(urn) ?? [];
  const client = /^(.+)-access-.+-uploader$/.exec(name ?? "")?.[1];
  if (stack === undefined || project === undefined || client === undefined) return undefined;
  const text = `/${scope.replace(/^\/+|\/+$/g, "")}`.toLowerCase();
  return uuidV5(`${text}|${project}/${stack}/${client}`);
}

/** A name-based UUID. Source: RFC 9562, section 5.5 */
function uuidV5(name: string): string {
  const bytes = createHash("sha1").update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
