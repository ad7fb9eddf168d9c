import { z } from "zod";
import { ruleIds, severities } from "./rules";

const finding = z.strictObject({
  rule: z.enum(ruleIds).describe("Stable id of the rule."),
  severity: z.enum(severities),
  client: z.string().describe("The client's name in the stack."),
  side: z
    .enum(["config", "state", "live"])
    .describe("Which differs from the other two: the configuration, the deployed state, or what is live."),
  object: z.string().describe("Key id, object id, resource id, or a path in the configuration."),
  detail: z
    .string()
    .describe("What was found. Holds names that others chose: escape it for where it is shown."),
  startsAt: z.string().nullable().describe("When the object starts; null when it does not."),
  endsAt: z.string().nullable().describe("When the object ends; null when it does not."),
  why: z.string().describe("Why it matters, in one line."),
  next: z.string().describe("The next command, once it is known where the object comes from."),
  fingerprint: z.string().describe("The same as long as rule, client and object are."),
  content: z
    .string()
    .describe("Digest of what was found: a suppression holds as long as this and the severity are the same."),
});

const bySeverity = z.strictObject({ critical: z.int(), high: z.int(), medium: z.int(), low: z.int() });

/** The report's form. Source of the committed JSON Schema. */
export const auditReportSchema = z.strictObject({
  version: z.literal(1).describe("Raised when something is taken away or changes its meaning."),
  stack: z.string(),
  asOf: z.string().describe("The UTC day that counts as today."),
  verdict: z
    .enum(["clean", "findings", "incomplete"])
    .describe(
      "incomplete: not everything could be read, so nothing is reported as clean. Exit codes 0, 7 and 1.",
    ),
  limits: z.strictObject({
    warnDays: z.int().describe("Credentials that end within so many days are reported."),
    maximumLifeDays: z.int().describe("Credentials that live longer are reported."),
  }),
  counts: bySeverity.extend({ suppressed: z.int() }).describe("Findings by severity, suppressed ones aside."),
  suppressedCounts: bySeverity.describe(
    "Suppressed findings by severity. A verdict of clean is one but for these.",
  ),
  clients: z
    .array(
      z.strictObject({
        name: z.string(),
        clientId: z.string().nullable(),
        objectId: z.string().nullable(),
        servicePrincipalId: z.string().nullable(),
      }),
    )
    .describe(
      "By name; one that the state has lost is there once for each application that it may be. All ids are null of one that was not found.",
    ),
  credentials: z
    .array(
      z.strictObject({
        client: z.string(),
        kind: z.enum(["secret", "certificate", "federated"]),
        place: z.enum(["application", "service principal"]),
        name: z.string().describe("Slot of a declared secret, name of any other. May be what others chose."),
        object: z
          .string()
          .nullable()
          .describe("Key id or object id; null of one that is still to be issued."),
        standing: z
          .enum(["declared", "undeclared", "due"])
          .describe("due: the schedule has it for today, but it has not been issued."),
        startsAt: z.string().nullable(),
        endsAt: z.string().nullable().describe("Null when it never ends."),
        nextRotationAt: z.string().nullable().describe("When the successor of a current secret is due."),
        lastUsedAt: z
          .string()
          .nullable()
          .describe(
            "As far as Microsoft's report shows, which is late; null when it shows no use, or was not read.",
          ),
      }),
    )
    .describe("Every credential that is live, and those that are due."),
  use: z
    .strictObject({
      read: z.boolean(),
      why: z.string().nullable().describe("Why it could not be read, in one sentence."),
      missingRight: z.string().nullable(),
    })
    .describe(
      "Whether the last use of credentials could be read. It is an extra, and no part of the coverage.",
    ),
  findings: z.array(finding).describe("Worst first."),
  suppressed: z
    .array(z.strictObject({ finding, reason: z.string(), owner: z.string(), expires: z.string() }))
    .describe("Findings that are accepted for a time."),
  coverage: z
    .strictObject({
      complete: z.boolean(),
      calls: z.array(
        z.strictObject({
          call: z.string(),
          asked: z.int(),
          read: z.int(),
          denied: z.int(),
          throttled: z.int(),
          failed: z.int(),
        }),
      ),
      gaps: z.array(
        z.strictObject({
          call: z.string(),
          client: z.string().nullable().describe("Null when it concerns all clients."),
          outcome: z.enum(["denied", "throttled", "failed"]),
          unknown: z.string().describe("What remains unknown."),
          missingRight: z.string().nullable(),
          said: z.string().describe("In the service's own words."),
        }),
      ),
    })
    .describe("What was asked for and what could be read."),
  notCompared: z
    .array(
      z.strictObject({
        of: z.enum(["application", "service principal", "elsewhere"]),
        name: z.string().describe("A property or relation of Microsoft Graph, or a place."),
        reason: z.string(),
      }),
    )
    .describe("What an audit does not cover: the verdict says nothing about it."),
});

/** What an audit says. */
export type AuditReport = z.infer<typeof auditReportSchema>;
