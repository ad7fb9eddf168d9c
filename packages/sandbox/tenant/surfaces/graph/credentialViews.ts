import type { KeyCredential, PasswordCredential } from "@microsoft/microsoft-graph-types";
import type { KeyRecord, PasswordRecord } from "../../state/records";

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
export function keyView({ certificate, ...key }: KeyRecord, withKey: boolean): KeyCredential {
  return { ...key, key: withKey ? certificate : null };
}
