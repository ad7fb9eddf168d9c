import { RunError } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import "./ownConnections";

/** gRPC's status for a cancelled call. */
const cancelled = 1;

/**
 * Wraps the stack's program for the Automation API, which prints the error of a failing inline program twice: when it is
 * thrown and when the run ends. An error that carries the status of a cancelled call is printed by the latter only.
 */
export function inlineProgram(program: PulumiFn): PulumiFn {
  return async () => {
    try {
      return await program();
    } catch (error) {
      throw RunError.isInstance(error) ? Object.assign(new Error(error.message), { code: cancelled }) : error;
    }
  };
}
