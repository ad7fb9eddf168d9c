import { shellQuoted } from "../cloud/graphRequest";
import type { ConsumerSettings } from "./consumerSettings";
import { tokenLines } from "./curlScript";
import { heading } from "./secretReading";

/**
 * A script that gives Orthanc's DICOMweb plugin the service as a server, with a token that lives for an hour: run it every half an
 * hour. Source: https://orthanc.uclouvain.be/book/plugins/dicomweb.html
 */
export function orthancScript(settings: ConsumerSettings): string {
  const { client, dicomwebUrl } = settings;
  const server = JSON.stringify({
    Url: `${dicomwebUrl}/`,
    HttpHeaders: { Authorization: "Bearer %s" },
    HasDelete: false,
  });
  return [
    "#!/bin/sh",
    ...heading(settings, "a server of Orthanc's DICOMweb plugin; run it every 30 minutes").map(
      (line) => `# ${line}`,
    ),
    "# Orthanc is at ORTHANC_URL, http://localhost:8042 unless that is set. If it asks for a name and a password, put them into ~/.netrc.",
    "set -eu",
    ...tokenLines(settings),
    "",
    `printf ${shellQuoted(server)} "$TOKEN" | curl --silent --show-error --fail-with-body --netrc-optional \\`,
    '  --request PUT --header "Content-Type: application/json" --data-binary @- \\',
    `  "\${ORTHANC_URL:-http://localhost:8042}/dicom-web/servers/${client}"`,
    "",
  ].join("\n");
}
