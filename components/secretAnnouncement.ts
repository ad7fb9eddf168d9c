import * as pulumi from "@pulumi/pulumi";
import { formatCalendarDay, type CalendarDay } from "./calendarDate";
import { inProgramContext } from "./inProgramContext";
import { endDateOf, type SecretGeneration } from "./secretSchedule";

/**
 * Announces, in previews and updates, that a client which exists already gets a new secret: consumers must pick its value up.
 * That covers a rotation that is due and a secret that somebody deleted by hand, which would otherwise be replaced without a
 * word.
 */
export class SecretAnnouncer {
  private clientIsNew = false;

  /**
   * @param name the client's name.
   * @param asOf the day that counts as today.
   */
  constructor(
    private readonly name: string,
    private readonly asOf: CalendarDay,
    private readonly component: pulumi.ComponentResource,
  ) {}

  /** Hook of the application, whose creation tells that the client is new: its first secret surprises nobody. */
  beforeApplication(): pulumi.ResourceHook {
    return new pulumi.ResourceHook(
      `${this.name}-application-is-new`,
      () => {
        this.clientIsNew = true;
      },
      { onDryRun: true },
    );
  }

  /** Hook of one of its secrets. */
  beforeSecret(secretName: string, generation: SecretGeneration): pulumi.ResourceHook {
    return new pulumi.ResourceHook(
      `${secretName}-is-new`,
      inProgramContext(async () => {
        if (!this.clientIsNew) {
          await pulumi.log.warn(newSecretMessage(secretName, generation, this.asOf), this.component);
        }
      }),
      { onDryRun: true },
    );
  }
}

/** What consumers must know about a secret that is issued. */
export function newSecretMessage(name: string, generation: SecretGeneration, asOf: CalendarDay): string {
  const reason =
    generation.startsOn < asOf
      ? `It was due on ${formatCalendarDay(generation.startsOn)}: either pulumi up has not run since, or somebody deleted it.`
      : "A rotation is due.";
  return `A new secret is issued, "${name}", valid until ${endDateOf(generation)}: consumers must pick up its value. ${reason}`;
}
