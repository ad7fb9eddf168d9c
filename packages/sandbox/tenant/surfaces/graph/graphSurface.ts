import type { Answer, IncomingRequest } from "../../core/request";
import { bindOperations, type Surface } from "../../core/operation";
import type { Directory } from "../../state/directory";
import type { Services } from "../services";
import { appRoleAssignmentOperations } from "./appRoleAssignmentOperations";
import { applicationOperations } from "./applicationOperations";
import { credentialOperations } from "./credentialOperations";
import { deletedItemOperations } from "./deletedItemOperations";
import { directoryOperations } from "./directoryOperations";
import { directoryRoleOperations } from "./directoryRoleOperations";
import { grantOperations } from "./grantOperations";
import { graphAuthorization } from "./graphAuthorization";
import { renderGraphRefusal } from "./graphRenderer";
import { batchAuthorization, batchOperations } from "./jsonBatch";
import { ownerOperations } from "./ownerOperations";
import { policyOperations } from "./policyOperations";
import { reportOperations } from "./reportOperations";
import { servicePrincipalOperations } from "./servicePrincipalOperations";

const versions = ["v1.0", "beta"];

/**
 * Microsoft Graph, v1.0 and beta over the same handlers.
 *
 * @param answer answers one request of a batch
 */
export function graphSurface(
  services: Services,
  answer: (request: IncomingRequest) => Promise<Answer>,
): Surface<Directory> {
  return {
    name: "graph",
    operations: [
      ...bindOperations(batchAuthorization(services), batchOperations(answer), { versions }),
      ...bindOperations(
        graphAuthorization(services),
        [
          ...applicationOperations(services),
          ...servicePrincipalOperations(services),
          ...credentialOperations(),
          ...ownerOperations(services),
          ...grantOperations(),
          ...appRoleAssignmentOperations(services),
          ...deletedItemOperations(services),
          ...directoryOperations(services),
          ...directoryRoleOperations(services),
          ...policyOperations(services),
          ...reportOperations(),
        ],
        { versions },
      ),
    ],
    owns: (path) => /^\/(v1\.0|beta)(\/|$)/i.test(path),
    render: renderGraphRefusal,
  };
}
