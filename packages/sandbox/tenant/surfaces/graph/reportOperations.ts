import type { Input } from "../../core/request";
import { reportedUse } from "../../domain/signIns";
import { tenantSettings } from "../../domain/tenantSettings";
import type { Directory } from "../../state/directory";
import type { SignInRecord, SignInUse } from "../../state/records";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, type Entity, type EntityType } from "./odataQuery";

const activityType: EntityType = { name: "microsoft.graph.appCredentialSignInActivity", onlySelected: {} };
const context = "reports/appCredentialSignInActivities";

interface Activity {
  readonly record: SignInRecord;
  readonly last: SignInUse;
}

/**
 * When credentials of applications were last used, as late as the tenant is set to be. A credential without a use has no row: whether
 * Microsoft's report has one is not documented. Source: https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity
 */
export function reportOperations(): readonly GraphOperation[] {
  return [
    {
      id: "graph.appCredentialSignInActivities.list",
      method: "GET",
      path: `/{version}/${context}`,
      versions: ["beta"],
      access: graphAccess.readReports,
      handle: (directory, input) =>
        collectionAnswer(input, context, activityType, activities(directory, input), activityView, {
          keyId: ({ record }) => record.id,
          appId: ({ record }) => record.appId,
        }),
    },
  ];
}

function activities(directory: Directory, input: Input): readonly Activity[] {
  const delay = tenantSettings(directory).signInReportDelaySeconds;
  return directory.signIns.all().flatMap((record) => {
    const last = reportedUse(record, input.now, delay);
    return last === undefined ? [] : [{ record, last }];
  });
}

function activityId({ id, origin }: SignInRecord): string {
  return Buffer.from(`${id}|${origin}`).toString("base64");
}

function activityView({ record, last }: Activity): Entity {
  return {
    id: activityId(record),
    keyId: record.id,
    keyType: record.keyType,
    keyUsage: record.keyType === "certificate" ? "verify" : "sign",
    appId: record.appId,
    appObjectId: record.appObjectId,
    servicePrincipalObjectId: record.servicePrincipalId,
    resourceId: last.resourceId,
    credentialOrigin: record.origin,
    createdDateTime: record.createdDateTime,
    expirationDateTime: record.expirationDateTime,
    signInActivity: { lastSignInDateTime: last.at, lastSignInRequestId: last.requestId },
  };
}
