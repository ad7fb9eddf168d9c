import { jsonText, maximumLifetimeDays } from "dicom-service-client/model";
import { auditStack } from "../audit/auditStack";
import { withCloud } from "../cloud/openCloud";
import { exitCode, type ExitCode } from "../exitCode";
import { type EstateMap, estateMap } from "../map/estateMap";
import { mapHtml } from "../map/mapHtml";
import { mapMermaid } from "../map/mapMermaid";
import { openStack, type OperationContext } from "./operation";

/** The forms of a map. */
export const mapFormats = ["markdown", "html", "json"] as const;
type MapFormat = (typeof mapFormats)[number];

/**
 * Draws the clients of a stack with what they sign in with and what they may do, as they are live.
 *
 * @returns 1 when not everything could be read
 */
export async function map(
  context: OperationContext,
  { format }: { readonly format: MapFormat },
): Promise<ExitCode> {
  const { declaration } = await openStack(context);
  const drawn = await withCloud(context, declaration, async ({ client: cloud }) =>
    estateMap(
      await auditStack({
        declaration,
        cloud: cloud.batched(),
        console: context.console,
        limits: { warnDays: 0, maximumLifeDays: maximumLifetimeDays },
        suppressions: [],
      }),
    ),
  );
  await context.console.result(writers[format](drawn));
  return drawn.complete ? exitCode.ok : exitCode.failed;
}

const writers: Readonly<Record<MapFormat, (map: EstateMap) => string>> = {
  markdown: mapMermaid,
  html: mapHtml,
  json: (drawn) => `${jsonText(drawn)}\n`,
};
