import { randomUUID } from "node:crypto";

/** The name an object bears for a moment after its creation, while the real plugin finds out whether it can be seen. */
export function temporaryName(): string {
  return `TERRAFORM_UPDATE_${randomUUID()}`;
}
