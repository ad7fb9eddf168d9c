import * as pulumi from "@pulumi/pulumi";
import { formatCalendarDay } from "../calendarDate";
import { clientHooks } from "../clientHooks";
import { completeDicomApi } from "../dicomApi";
import { DicomServiceClient } from "../dicomServiceClient";
import { checkedArgs } from "../readArgs";
import { readTenantContext, readTenantWithoutApis } from "../tenantContext";
import { assertAzureHasWhatIsNamed } from "./azurePreflight";
import { configKeys, readStackConfig, type StackConfig } from "./config";
import { unknownKeyProblems } from "./configKeys";
import { explainFailedLookups } from "./failedLookup";
import { assertIdentitiesAreOfTenant } from "./identityTenant";
import { withDeployingIdentity } from "./deployingIdentity";
import { stackOutputs, type StackOutputs } from "./outputs";
import { stackFileProblems } from "./stackFile";

/**
 * The stack's program: one service client for every entry of the configuration. It is a function so that it can run anew
 * for each command of a process that runs several.
 *
 * @returns the stack's outputs.
 * @throws ConfigError when the configuration is wrong, pulumi.RunError when the tenant does not have what clients need or
 *   does not answer; nothing has been declared then.
 */
export async function program(): Promise<StackOutputs> {
  const config = await readPulumiConfig();
  clientHooks();
  const permissions = Object.values(config.clients).flatMap((client) => client.permissions ?? []);
  const [found] = await explainFailedLookups([
    Object.values(config.clients).every(({ application }) => application === "none")
      ? readTenantWithoutApis()
      : readTenantContext(completeDicomApi(config.api), permissions),
    assertAzureHasWhatIsNamed(config.clients),
  ]);
  assertIdentitiesAreOfTenant(config.clients, found.tenantId);
  const tenant = withDeployingIdentity(found, config.deployingIdentity);
  const asOf = formatCalendarDay(config.asOf);
  return stackOutputs(
    Object.entries(config.clients).map(([name, { formerNames = [], ...client }]) => ({
      name,
      client: new DicomServiceClient(name, checkedArgs({ ...client, asOf, api: config.api, tenant }), {
        aliases: formerNames.map((former) => ({ name: former })),
      }),
      hasSecret: client.secret !== undefined,
      exportsSecret: client.vault?.export ?? true,
    })),
  );
}

async function readPulumiConfig(): Promise<StackConfig> {
  const config = new pulumi.Config();
  const project = pulumi.getProject();
  return readStackConfig(
    {
      clients: config.getObject<unknown>("clients"),
      api: config.getObject<unknown>("api"),
      dicomService: config.get("dicomService"),
      asOf: config.get("asOf"),
      deployingIdentity: config.get("deployingIdentity"),
      environment: new pulumi.Config("azuread").get("environment") ?? process.env["ARM_ENVIRONMENT"],
      keyProblems: [
        ...(await stackFileProblems(
          { folder: pulumi.getRootDirectory(), project, stack: pulumi.getStack() },
          configKeys,
        )),
        ...unknownKeyProblems(pulumi.runtime.allConfig(), project, configKeys),
      ],
    },
    new Date(),
  );
}
