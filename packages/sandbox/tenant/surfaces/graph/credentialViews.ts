import type {
  FederatedIdentityCredential,
  KeyCredential,
  PasswordCredential,
} from "@microsoft/microsoft-graph-types";
import type { FederatedCredentialRecord, KeyRecord, PasswordRecord } from "../../state/records";

/** @param secretText the value, shown by the request that made it and never again */
export function passwordView(password: PasswordRecord, secretText: string | null): PasswordCredential {
  return {
    customKeyIdentifier: null,
    displayName: password.displayName,
    endDateTime: password.endDateTime,
    hint: password.hint,
    keyId: password.keyId,
    secretText,
    startDateTime: password.startDateTime,
  };
}

/** @param withKey the certificate is sent only when `$select` names keyCredentials */
export function keyView(key: KeyRecord, withKey: boolean): KeyCredential {
  return {
    customKeyIdentifier: key.customKeyIdentifier,
    displayName: key.displayName,
    endDateTime: key.endDateTime,
    key: withKey ? key.certificate : null,
    keyId: key.keyId,
    startDateTime: key.startDateTime,
    type: key.type,
    usage: key.usage,
  };
}

/** As v1.0 shows it: a flexible one, which it cannot, is told by its subject, which is null. */
export function federatedCredentialView(
  credential: FederatedCredentialRecord,
): Omit<FederatedIdentityCredential, "subject"> & { readonly subject: string | null } {
  return {
    id: credential.id,
    name: credential.name,
    issuer: credential.issuer,
    subject: credential.subject,
    description: credential.description,
    audiences: [...credential.audiences],
  };
}
