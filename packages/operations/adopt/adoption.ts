import { childName, type ClientConfig, isMapping, readAccess, roleOwner } from "dicom-service-client/model";
import { CoverageLog } from "../cloud/coverage";
import type { CloudClient } from "../cloud/cloudClient";
import type { Console } from "../console/console";
import { counted } from "../console/counted";
import { graphRequest, shellQuoted } from "../cloud/graphRequest";
import { OperationError } from "../operationError";
import { childTypes } from "../project/deployedClient";
import type { PulumiProject } from "../project/pulumiProject";
import { type AdoptedId, adoptedIds } from "./adoptedIds";
import type { AdoptionPlan } from "./adoptionPlan";
import { type AdoptionTarget, rehearsedConfig } from "./adoptionTarget";
import { chooseName } from "./chooseName";
import { clientBlock, type WrittenClient } from "./clientBlock";
import { creations, type Difference, type DifferenceParts, differences, rewrites } from "./difference";
import { findRegistration } from "./findRegistration";
import { type ImportFile, withIds } from "./importFile";
import { notLookedAtByAdopt, oldSecrets, unmanaged } from "./leftBehind";
import { type LiveRegistration, readRegistration } from "./liveRegistration";
import { requireNoOtherStack } from "./otherStacks";
import type { Preview } from "./previewStep";
import { withRehearsal } from "./rehearsal";
import type { StackEngine } from "./stackEngine";
import { clientYaml, type StackFile } from "./stackFile";
import { completedState, type Completion, completions, spellings } from "./stateCompletion";
import { lastPart } from "../project/lastPart";

/** What an adoption works with. */
export interface AdoptionParts {
  readonly project: PulumiProject;
  readonly target: AdoptionTarget;
  readonly cloud: CloudClient;
  readonly console: Console;
  /** The stack file that the user keeps. */
  readonly stackFile: StackFile;
}

/** An adoption that has been worked out and rehearsed; nothing has been changed. */
export interface Adoption {
  readonly written: WrittenClient;
  readonly importFile: ImportFile;
  /** What a preview is compared with, the client's name among it. */
  readonly compared: DifferenceParts;
  /** Whether the stack file has to be written. */
  readonly isNew: boolean;
  readonly plan: AdoptionPlan;
}

/**
 * Works out how a registration is taken over, and rehearses it.
 *
 * @param wanted its client id, object id or display name
 * @param as the client's name in the stack; default the one that it has there, or one made of the display name
 * @throws OperationError when it cannot be found, read or taken over at all
 */
export async function planAdoption(
  parts: AdoptionParts,
  wanted: string,
  as: string | undefined,
): Promise<Adoption> {
  const { project, target, cloud, console } = parts;
  const reading = {
    cloud,
    coverage: new CoverageLog(),
    ...(target.subscriptionId === undefined ? {} : { subscriptionId: target.subscriptionId }),
  };
  console.note("Looking for the registration");
  const application = await findRegistration(reading, wanted);
  const name = chooseName(target, application, as);
  console.note(
    `Reading ${JSON.stringify(application.displayName || application.id)}, client id ${application.appId}`,
  );
  const [live, deployer] = await Promise.all([readRegistration(reading, application), cloud.ownObjectId()]);
  console.note("Looking into the project's other stacks");
  const otherStacks = await requireNoOtherStack(project.pulumi, application.appId);
  const owner = roleOwner(target.projectName, project.stack, name);
  const block = clientBlock(live, target.api, deployer, owner, target.asOf);
  const declared = target.clients[name];
  const written = isMapping(declared) ? declared : block.client;
  const config = target.checked(name, written);
  const ids = adoptedIds(name, config, live, target.api, owner);
  const inState = idsInState(target, ids, project.stack);
  const isNew = !isMapping(declared);
  const stackFile = isNew ? parts.stackFile.with(name, written) : parts.stackFile;

  const { importFile, preview } = await rehearse(parts, name, written, config, ids);
  const compared: DifferenceParts = {
    name,
    written,
    config,
    adopted: ids,
    stackFile,
    objectId: application.id,
    clientId: application.appId,
    graph: cloud.endpoints.graph,
  };
  const found = [
    ...differences(preview, compared),
    ...secondAssignments(name, owner, config, live, ids, stackFile),
    ...deletedPrincipals(name, live, stackFile, cloud.endpoints.graph),
  ];
  const deployed = target.deployed.find((client) => client.name === name);
  const there = new Set(target.resources.map((resource) => `${resource.type}\n${resource.name}`));
  const secrets = oldSecrets(live, deployed?.secrets.map(({ keyId }) => keyId) ?? []);
  const isAdopted = !isNew && ids.every(({ type, name: of }) => inState.has(`${type}\n${of}`));
  const plan: AdoptionPlan = {
    version: 1,
    stack: project.stack,
    verdict: found.length > 0 ? "differences" : isAdopted ? "adopted" : "clean",
    client: name,
    registration: {
      displayName: application.displayName,
      clientId: application.appId,
      objectId: application.id,
      createdAt: application.createdDateTime || null,
      servicePrincipalId: live.servicePrincipal?.id ?? null,
    },
    config: { file: stackFile.name, isThere: !isNew, block: clientYaml(name, written) },
    importFile,
    adopted: ids.map(({ type, name: of, id }) => ({
      type,
      name: of,
      id,
      inState: inState.has(`${type}\n${of}`),
    })),
    creates: creations(preview).filter(({ type, name: of }) => !there.has(`${type}\n${of}`)),
    rewrites: rewrites(preview, compared),
    differences: found,
    otherStacks,
    secrets,
    unmanaged: unmanaged(live, ids, block.leftOut, cloud.endpoints.graph),
    notLookedAt: notLookedAtByAdopt,
    next: [],
    backup: null,
    undo: [],
  };
  return { written, importFile, compared, isNew, plan };
}

/**
 * A service principal that was deleted and can be restored: `pulumi up` would make another one, without the roles and consents that
 * hang on its object id.
 */
function deletedPrincipals(
  name: string,
  { deletedServicePrincipals }: LiveRegistration,
  stackFile: StackFile,
  graph: string,
): readonly Difference[] {
  return deletedServicePrincipals.map(({ id, deletedDateTime }) => ({
    resource: childName(name, "servicePrincipal"),
    operation: "create",
    property: null,
    key: null,
    file: stackFile.name,
    line: stackFile.lineOf(name, []),
    live: `deleted, ${id}`,
    declared: null,
    cure: [
      `The application's service principal ${id} was deleted${deletedDateTime === "" ? "" : ` on ${deletedDateTime.slice(0, 10)}`}. Restore it, with its roles and consents:`,
      graphRequest(graph, "POST", `directory/deletedItems/${id}/restore`),
      "Only if a new one without them is wanted, delete it for good:",
      `# ${graphRequest(graph, "DELETE", `directory/deletedItems/${id}`)}`,
    ].join("\n"),
  }));
}

/** Imports into a stack that lasts as long as this, and previews there what `pulumi up` would then do. */
async function rehearse(
  { project, target, console }: AdoptionParts,
  name: string,
  written: WrittenClient,
  config: ClientConfig,
  ids: readonly AdoptedId[],
): Promise<{ readonly importFile: ImportFile; readonly preview: Preview }> {
  console.note("Rehearsing on a separate state: asking the program for its resources");
  return withRehearsal(project.pulumi, async ({ engine, configure }) => {
    // Under its own name the program would refuse to create a namesake of the registration.
    const namesake = { ...written, displayName: `To be adopted, ${String(ids[0]?.object)}` };
    await configure(rehearsedConfig(target, name, namesake));
    const importFile = withIds(await engine.generateImportFile(), ids);
    console.note(`Rehearsing: importing ${counted(ids.length, "live object")}`);
    await configure(rehearsedConfig(target, name, written));
    const preview = await importAndPreview(engine, importFile, name, config, () => {
      console.note("Rehearsing: previewing what pulumi up would do");
    });
    return { importFile, preview };
  });
}

/**
 * Imports, adds to the state what the program says and the providers cannot read back or spell otherwise, and previews what
 * `pulumi up` would then do.
 *
 * @param onPreview is told before the preview
 */
export async function importAndPreview(
  engine: StackEngine,
  importFile: ImportFile,
  name: string,
  config: ClientConfig,
  onPreview: () => void,
): Promise<Preview> {
  await engine.import(importFile);
  await complete(engine, completions(name, config));
  onPreview();
  const preview = await engine.preview();
  const spelled = spellings(preview).filter((one) =>
    importFile.resources.some(({ name: of }) => of === one.name),
  );
  return (await complete(engine, spelled)) ? engine.preview() : preview;
}

/** @returns whether anything was missing */
export async function complete(engine: StackEngine, wanted: readonly Completion[]): Promise<boolean> {
  if (wanted.length === 0) return false;
  const completed = completedState(await engine.exportState(), wanted);
  if (completed === undefined) return false;
  await engine.replaceState(completed);
  return true;
}

/**
 * The resources that are in the state with the same id already, by type and name.
 *
 * @throws OperationError when one of them has another id there, or a live object is in the state as something else
 */
function idsInState(
  { resources }: AdoptionTarget,
  ids: readonly AdoptedId[],
  stack: string,
): ReadonlySet<string> {
  const same = (one: string | undefined, other: string): boolean =>
    one?.toLowerCase() === other.toLowerCase();
  const conflicts = ids.flatMap(({ type, name, formerName, id }) =>
    resources
      .filter(
        (resource) =>
          resource.type === type && [name, formerName].includes(resource.name) !== same(resource.id, id),
      )
      .map((resource) => ({ resource, name: resource.name === formerName ? formerName : name, id })),
  );
  if (conflicts.length > 0) {
    throw new OperationError(
      "The stack's state already has other resources in place of what would be adopted.",
      {
        cause: conflicts
          .map(({ resource, name, id }) =>
            resource.name === name
              ? `${name} is ${resource.id ?? "without an id"} in the state, and ${id} in the tenant.`
              : `${id} is in the state as ${resource.name} already.`,
          )
          .join("\n"),
        cure: [
          "Remove them from the state (this deletes nothing), or choose another name with --as:",
          ...conflicts.map(
            ({ resource }) => `  # pulumi state delete ${shellQuoted(resource.urn)} --stack ${stack}`,
          ),
        ].join("\n"),
      },
    );
  }
  return new Set(
    ids
      .filter(({ type, name, formerName }) =>
        resources.some((resource) => resource.type === type && [name, formerName].includes(resource.name)),
      )
      .map(({ type, name }) => `${type}\n${name}`),
  );
}

/**
 * Roles that are declared without the name of the assignment that gives them already. A preview shows them as new, and Azure refuses
 * a second assignment of the same role (RoleAssignmentExists).
 */
function secondAssignments(
  name: string,
  owner: string,
  { access = [] }: ClientConfig,
  { azureRoles }: LiveRegistration,
  ids: readonly AdoptedId[],
  stackFile: StackFile,
): readonly Difference[] {
  return access.flatMap(({ assignmentName: _name, ...entry }, index) => {
    const declared = readAccess(entry, owner);
    const resource = `${name}-access-${declared?.key ?? ""}`;
    if (!declared || ids.some((one) => one.type === childTypes.azureRole && one.name === resource)) return [];
    return azureRoles
      .filter(
        ({ properties }) =>
          properties.scope.toLowerCase() === declared.scope.id.toLowerCase() &&
          properties.roleDefinitionId.toLowerCase().endsWith(`/${declared.roleId}`),
      )
      .map(({ id }) => ({
        resource,
        operation: "create",
        property: "roleAssignmentName",
        key: `clients.${name}.access[${index}].assignmentName`,
        file: stackFile.name,
        line: stackFile.lineOf(name, ["access", index, "assignmentName"]),
        live: lastPart(id),
        declared: null,
        cure: `Write assignmentName: ${lastPart(id)}; Azure refuses a second assignment of the same role.`,
      }));
  });
}
