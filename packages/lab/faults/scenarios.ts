import { join } from "node:path";
import { handMadeName } from "../trial/handMadeRegistration";
import { changedClient, days } from "../trial/representativeClient";
import type { TrialSetup } from "../trial/sandboxFixture";
import type { CommandRun, Trial } from "../trial/trial";

/** A command that faults are tried on. */
export interface Scenario extends TrialSetup {
  readonly name: string;
  /** What it does here, for people. */
  readonly what: string;
  readonly run: (trial: Trial) => Promise<CommandRun>;
  /** What a user runs next, and what is to put right what this command has taken for deleted. */
  readonly next?: (trial: Trial) => Promise<CommandRun>;
  /** Whether the secrets that were published before must be accepted at every moment. */
  readonly keepsSecrets: boolean;
}

/** Every command that makes requests. */
export const scenarios: readonly Scenario[] = [
  {
    name: "up",
    what: "first deployment",
    start: "blank",
    asOf: days.deployed,
    run: (trial) => trial.engine("up"),
    keepsSecrets: true,
  },
  {
    name: "preview",
    what: "of a deployed stack",
    start: "deployed",
    asOf: days.deployed,
    run: (trial) => trial.engine("preview"),
    keepsSecrets: true,
  },
  {
    name: "refresh",
    what: "of a deployed stack",
    start: "deployed",
    asOf: days.deployed,
    run: (trial) => trial.engine("refresh"),
    next: (trial) => trial.engine("up"),
    keepsSecrets: true,
  },
  {
    name: "rotate",
    what: "`up` on the day of a rotation: a second secret",
    start: "deployed",
    asOf: days.rotation,
    run: (trial) => trial.engine("up"),
    keepsSecrets: true,
  },
  {
    name: "retire",
    what: "`up` on the day on which the first secret ends: it is removed",
    start: "overlap",
    asOf: days.retirement,
    run: (trial) => trial.engine("up"),
    keepsSecrets: true,
  },
  {
    name: "change",
    what: "`up` of a changed configuration: objects are updated, replaced and deleted",
    start: "deployed",
    client: changedClient,
    asOf: days.deployed,
    run: (trial) => trial.engine("up"),
    keepsSecrets: true,
  },
  {
    name: "destroy",
    what: "of a deployed stack",
    start: "deployed",
    asOf: days.deployed,
    run: (trial) => trial.engine("destroy"),
    keepsSecrets: false,
  },
  {
    name: "verify",
    what: "of a deployed stack",
    start: "deployed",
    asOf: days.deployed,
    run: (trial) => trial.operation("verify"),
    keepsSecrets: true,
  },
  {
    name: "verify-vault",
    what: "`verify --write` of a client for a whole workspace, whose secret is in the key vault only",
    start: "vault-only",
    asOf: days.deployed,
    run: (trial) => trial.operation("verify", "--write"),
    keepsSecrets: true,
  },
  {
    name: "audit",
    what: "of a deployed stack",
    start: "deployed",
    asOf: days.deployed,
    run: (trial) => trial.operation("audit"),
    keepsSecrets: true,
  },
  {
    name: "adopt",
    what: "`adopt --apply` of a client that was made by hand, beside a deployed one",
    start: "hand-made",
    asOf: days.deployed,
    run: (trial) =>
      trial.operation("adopt", handMadeName, "--apply", "--backup", join(trial.folder.root, "backup")),
    keepsSecrets: true,
  },
];
