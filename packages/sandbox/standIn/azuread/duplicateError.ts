import { DiagnosticError } from "../bridge/diagnostic";

/** Terraform names the property with what it would import by. */
const byId = { attribute: "id" };

function importHint(terraformType: string): string {
  return (
    "To be managed via Terraform, this resource needs to be imported into the State. " +
    `Please see the resource documentation for "${terraformType}" for more information.`
  );
}

function nameTaken(terraformType: string, id: string, name: string): string {
  return `An existing "${terraformType}" with name "${name}" (ID: "${id}") was found and \`prevent_duplicate_names\` was specified`;
}

/** A plan finds that the name is taken, and the program forbids a second object of it. */
export function duplicateNamePlanned(terraformType: string, id: string, name: string): DiagnosticError {
  return new DiagnosticError(`${nameTaken(terraformType, id, name)}. ${importHint(terraformType)}`);
}

/** A create or update finds that the name is taken, and the program forbids a second object of it. */
export function duplicateNameFound(terraformType: string, id: string, name: string): DiagnosticError {
  return new DiagnosticError(nameTaken(terraformType, id, name), importHint(terraformType), byId);
}

/** The object exists already and is not this stack's. */
export function alreadyExists(terraformType: string, id: string): DiagnosticError {
  return new DiagnosticError(
    `A resource with the ID "${id}" already exists`,
    importHint(terraformType),
    byId,
  );
}
