import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import {
  certificateEndDate,
  certificateEndProblem,
  certificateProblem,
  ConfigError,
  parseCalendarDay,
  readStackConfig,
} from "dicom-service-client/model";
import { type FuzzTarget, openTarget, type OpenTarget, refusedWith } from "../fuzzTarget";
import { mutatedBytes, mutatedText } from "../mutatedBytes";
import { hostileText } from "../hostileValues";
import { temporaryFolder } from "./temporaryFolder";

const pem = readFileSync(join(__dirname, "..", "..", "gateway.pem"), "utf8");
const today = "2026-12-01";

const traps = [
  "-----BEGIN CERTIFICATE-----\n",
  "-----END CERTIFICATE-----\n",
  "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
  "-----BEGIN CERTIFICATE REQUEST-----\n",
  "\r\n",
  "\u0000",
  "=",
  "A".repeat(100_000),
];

/** Certificates, as text and as the files that a configuration names. */
export const certificateTargets: readonly FuzzTarget[] = [
  {
    name: "certificate",
    share: 10,
    open: () =>
      Promise.resolve(
        openTarget(
          fc.record({
            text: fc.oneof({ weight: 4, arbitrary: mutatedText(pem, traps) }, hostileText),
            expiresOn: fc.oneof(fc.constant("2027-12-01"), hostileText),
          }),
          ({ text, expiresOn }) => {
            const asOf = parseCalendarDay(today) ?? 0;
            const problem = certificateProblem(text, asOf);
            certificateEndProblem(expiresOn, text, asOf);
            if (problem === undefined) certificateEndDate({ name: "modality", pem: text });
            else if (/MII|-----BEGIN/.test(problem)) throw new Error(`the text is repeated: ${problem}`);
            return problem === undefined ? "accepted" : "refused";
          },
        ),
      ),
  },
  {
    name: "certificate file",
    share: 5,
    open: async (): Promise<OpenTarget> => {
      const folder = await temporaryFolder();
      const changed = mutatedBytes(Buffer.from(pem)).map((bytes) => ({ bytes, file: "changed.pem" }));
      const odd = fc
        .constantFrom(
          ".",
          "absent.pem",
          "/dev/zero",
          "/dev/null",
          "/dev/full",
          "a\u0000b",
          "",
          "x".repeat(5_000),
        )
        .map((file) => ({ bytes: Buffer.alloc(0), file }));
      const large = fc.constantFrom(1, 40).map((mebibytes) => ({
        bytes: Buffer.alloc(mebibytes * 2 ** 20, "-----BEGIN CERTIFICATE-----\n"),
        file: "large.pem",
      }));
      return openTarget(
        fc.oneof({ weight: 96, arbitrary: changed }, { weight: 3, arbitrary: odd }, large),
        ({ bytes, file }) => {
          if (file.endsWith(".pem") && file !== "absent.pem") writeFileSync(join(folder.path, file), bytes);
          const path = file.startsWith("/") ? file : `${folder.path}/${file}`;
          const gateway = {
            displayName: "Imaging gateway",
            access: [],
            certificates: [{ name: "modality", file: path }],
          };
          try {
            readStackConfig({ clients: { gateway }, asOf: today }, new Date(`${today}T09:00:00Z`));
            return "accepted";
          } catch (error) {
            return refusedWith(error, ConfigError);
          }
        },
        folder.remove,
      );
    },
  },
];
