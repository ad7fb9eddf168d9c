import type { Application, ApplicationPassword } from "@pulumi/azuread";
import { z } from "zod";
import { date, wholeNumber } from "./argumentTypes";
import type { CalendarDay } from "./calendarDate";
import { formatCalendarDay, parseCalendarDay } from "./calendarDate";
import { childOptions, type ClientParts, diesWith } from "./child";
import { childName } from "./childNames";
import type { Problem } from "./problem";
import {
  defaultLifetimeDays,
  defaultOverlapDays,
  endDateOf,
  maximumLifetimeDays,
  planSecrets,
  type SecretGeneration,
  type SecretPlan,
} from "./secretSchedule";
import { azuread } from "./sdk";

const secretSchedule = z
  .strictObject({
    from: date.meta({
      description:
        "First day of the first secret, as a UTC date, which YAML wants in quotes. It anchors the schedule and may not be in the future.",
      examples: ["2026-11-23"],
    }),
    lifetimeDays: wholeNumber(2, maximumLifetimeDays, `a secret lives 2 to ${maximumLifetimeDays} whole days`)
      .exactOptional()
      .meta({
        description: "How many days one secret lives.",
        default: defaultLifetimeDays,
        source: "https://learn.microsoft.com/azure/healthcare-apis/register-application",
      }),
    overlapDays: wholeNumber(
      1,
      maximumLifetimeDays / 2,
      "two secrets overlap 1 whole day to half their lifetime",
    )
      .exactOptional()
      .meta({
        description:
          "How many days two successive secrets are both valid, at most half the lifetime. Run `pulumi up` and let consumers read the published value at least once in this time.",
        default: defaultOverlapDays,
      }),
    reissue: wholeNumber(0, Number.MAX_SAFE_INTEGER, "write a counter: 0, 1, 2, …").exactOptional().meta({
      description:
        "Counter; increase it to replace every declared secret at once, for instance after a leak.",
      default: 0,
    }),
    retired: date.exactOptional().meta({
      description:
        "First day of the newest secret that nobody uses any more, as a UTC date: this one and those before it are not declared, although they may still be valid. `dicom-ops retire --apply` writes it. The current secret cannot be retired.",
      absent: "none",
      examples: ["2026-11-23"],
    }),
  })
  .superRefine(({ lifetimeDays = defaultLifetimeDays, overlapDays = defaultOverlapDays }, context) => {
    if (overlapDays > lifetimeDays / 2) {
      context.addIssue({
        code: "custom",
        path: ["overlapDays"],
        message: `${overlapDays} is more than half of the lifetime of ${lifetimeDays} days; write ${Math.floor(lifetimeDays / 2)} or less`,
      });
    }
  })
  .meta({
    id: "SecretSchedule",
    description:
      "When client secrets are issued and when they end. Generation k starts `k · (lifetimeDays − overlapDays)` days after `from` and lives `lifetimeDays` days, so two generations overlap while consumers move from one to the next.",
  });

/** The argument about secrets. */
export const secretFields = {
  secret: secretSchedule.exactOptional().meta({
    description: "Schedule of the client secrets.",
    absent: "the client gets no secret",
    examples: [{ from: "2026-11-23" }],
    source: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
  }),
};

/**
 * What is wrong with the days of a schedule, seen from a given day.
 *
 * @param secret the schedule as it was read; anything that is no schedule with a date has no problem here.
 */
export function secretDayProblems(secret: unknown, asOf: CalendarDay): Problem[] {
  const {
    from: first,
    retired,
    lifetimeDays = defaultLifetimeDays,
    overlapDays = defaultOverlapDays,
  } = (secret ?? {}) as Partial<Readonly<Record<string, unknown>>>;
  const from = typeof first === "string" ? parseCalendarDay(first) : undefined;
  if (from === undefined) return [];
  if (from > asOf) {
    return [
      {
        path: ["secret", "from"],
        message: `${formatCalendarDay(from)} is in the future; the first secret must start on or before ${formatCalendarDay(asOf)}`,
      },
    ];
  }
  const last = typeof retired === "string" ? parseCalendarDay(retired) : undefined;
  const step = Number(lifetimeDays) - Number(overlapDays);
  if (last === undefined || !(step > 0)) return [];
  const current = from + Math.floor((asOf - from) / step) * step;
  return last < current
    ? []
    : [
        {
          path: ["secret", "retired"],
          message: `the current secret starts on ${formatCalendarDay(current)} and cannot be retired; write the first day of an earlier one, or take it out`,
        },
      ];
}

/** The secrets of one client on one day. */
export interface DeclaredSecrets {
  readonly plan: SecretPlan;
  readonly current: ApplicationPassword;
  readonly previous?: ApplicationPassword;
}

/** Declares the secrets that the schedule has on the day. Nothing but the schedule decides when one is replaced. */
export function declareSecrets(client: ClientParts, application: Application): DeclaredSecrets | undefined {
  const schedule = client.settings.secret;
  if (schedule === undefined) {
    return undefined;
  }
  const plan = planSecrets(schedule, client.asOf);
  const declare = (generation: SecretGeneration): ApplicationPassword => {
    const name = childName(client.name, "secret", generation.slot);
    return new azuread.ApplicationPassword(
      name,
      {
        applicationId: application.id,
        // Another description replaces a secret, so it depends on nothing that may be renamed.
        displayName: `Managed by Pulumi, slot ${generation.slot}`,
        endDate: endDateOf(generation),
        rotateWhenChanged: { reissue: String(schedule.reissue ?? 0) },
      },
      { ...childOptions(client, "secret", name), ...diesWith(application) },
    );
  };
  return {
    plan,
    current: declare(plan.current),
    ...(plan.previous ? { previous: declare(plan.previous) } : {}),
  };
}
