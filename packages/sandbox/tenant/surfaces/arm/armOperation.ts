import type { Operation } from "../../core/operation";
import type { Directory } from "../../state/directory";
import type { Caller } from "../caller";
import type { ArmAccess } from "./armAuthorization";

/** A row of Azure Resource Manager. */
export type ArmOperation = Operation<Directory, ArmAccess, Caller>;
