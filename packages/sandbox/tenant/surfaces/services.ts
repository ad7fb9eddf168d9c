import type { Encryption } from "../core/encryption";
import type { SigningKey } from "../core/signingKey";
import type { TenantProfile } from "../domain/tenantProfile";
import type { AccessTokens } from "./accessTokens";

/** What the operations of every surface share. */
export interface Services {
  readonly profile: TenantProfile;
  readonly tokens: AccessTokens;
  readonly signingKey: () => Promise<SigningKey>;
  /** Signs for issuers that are not of this machine; see clientAssertion. */
  readonly issuerKey: () => Promise<SigningKey>;
  /** For values that the state may hold only encrypted. */
  readonly encryption: Encryption;
}
