import { bindOperations, type Surface } from "../../core/operation";
import type { Directory } from "../../state/directory";
import type { Services } from "../services";
import { armAuthorization } from "./armAuthorization";
import { renderArmRefusal } from "./armRenderer";
import { managedIdentityCredentialOperations } from "./managedIdentityCredentialOperations";
import { managedIdentityOperations } from "./managedIdentityOperations";
import { resourceOperations } from "./resourceOperations";
import { roleOperations } from "./roleOperations";
import { vaultSecretOperations } from "./vaultSecretOperations";

/** Azure Resource Manager for one subscription. */
export function armSurface(services: Services): Surface<Directory> {
  return {
    name: "arm",
    operations: bindOperations(
      armAuthorization(services),
      [
        ...resourceOperations(services),
        ...managedIdentityOperations(services),
        ...managedIdentityCredentialOperations(services),
        ...roleOperations(services),
        ...vaultSecretOperations(services),
      ],
      { query: ["api-version"] },
    ),
    owns: (path) => /^\/(subscriptions|providers)(\/|$)/i.test(path),
    render: renderArmRefusal,
  };
}
