import { randomBytes } from "node:crypto";
import type { SigningKey } from "../core/signingKey";
import type { Caller } from "./caller";

/** Life of an access token in seconds, as Entra's answers say. */
export const tokenLifetime = 3599;

/** What a token is to say. */
export interface TokenRequest {
  readonly audience: string;
  readonly issuer: string;
  readonly version: "1.0" | "2.0";
  readonly tenantId: string;
  readonly caller: Caller;
  /** Delegated scopes, space-separated; null in a token of an application by itself. */
  readonly scope: string | null;
  /** How the client proved who it is: 0 public, 1 secret, 2 certificate or federation. */
  readonly clientAuthentication: "0" | "1" | "2";
  readonly now: Date;
}

/** Signs and verifies the tenant's access tokens. */
export class AccessTokens {
  constructor(private readonly signingKey: () => Promise<SigningKey>) {}

  async issue(request: TokenRequest): Promise<string> {
    const { SignJWT } = await import("jose");
    const key = await this.signingKey();
    const { caller } = request;
    const issuedAt = Math.floor(request.now.getTime() / 1000);
    const client =
      request.version === "1.0"
        ? { appid: caller.appId, appidacr: request.clientAuthentication }
        : { azp: caller.appId, azpacr: request.clientAuthentication };
    const who =
      caller.kind === "user"
        ? {
            idtyp: "user",
            name: caller.name,
            upn: caller.name,
            scp: request.scope ?? "",
            wids: caller.directoryRoles,
          }
        : {
            idtyp: "app",
            app_displayname: caller.name,
            ...(caller.roles.length > 0 ? { roles: caller.roles } : {}),
          };
    return new SignJWT({
      ...client,
      ...who,
      idp: `https://sts.windows.net/${request.tenantId}/`,
      oid: caller.objectId,
      tid: request.tenantId,
      uti: randomBytes(16).toString("base64url"),
      ver: request.version,
    })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.kid, x5t: key.kid })
      .setAudience(request.audience)
      .setIssuer(request.issuer)
      .setSubject(caller.objectId)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + tokenLifetime)
      .sign(key.privateKey);
  }

  /**
   * @param audiences any one of them must be the token's
   * @returns who calls; undefined when the signature, the time or the audience does not fit
   */
  async verify(
    token: string,
    audiences: readonly string[],
    now: Date,
  ): Promise<Caller | "expired" | undefined> {
    const { jwtVerify, errors } = await import("jose");
    const key = await this.signingKey();
    try {
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: ["RS256"],
        audience: [...audiences],
        currentDate: now,
        clockTolerance: 60,
      });
      const text = (name: string): string | undefined => {
        const value = payload[name];
        return typeof value === "string" ? value : undefined;
      };
      const texts = (name: string): readonly string[] => {
        const value = payload[name];
        return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
      };
      const objectId = text("oid");
      const appId = text("appid") ?? text("azp");
      if (objectId === undefined || appId === undefined) return undefined;
      return {
        kind: text("idtyp") === "user" ? "user" : "application",
        objectId,
        appId,
        name: text("upn") ?? text("app_displayname") ?? appId,
        roles: texts("roles"),
        directoryRoles: texts("wids"),
      };
    } catch (error) {
      return error instanceof errors.JWTExpired ? "expired" : undefined;
    }
  }
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerToken(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  return /^Bearer ([^\s]+)$/i.exec(headers.authorization ?? "")?.[1];
}
