import { writeFile } from "node:fs/promises";
import { workloadClouds, workloads } from "../tenant/surfaces/login/workloadTokens";
import { type ActionDefinition } from "./portalAction";

/** The actions of this file on the command line. */
export const workloadTokenActions: readonly ActionDefinition[] = [
  {
    name: "issue-token",
    description: "write a job's token to a file, as GitHub or Azure DevOps issues it",
    arguments: [
      { flags: "workload", description: "whose token", choices: workloads },
      { flags: "file", description: "file for the token, which is valid for five minutes" },
    ],
    options: [
      {
        flags: "--cloud <name>",
        description: "whose audience it has",
        choices: workloadClouds,
        fallback: "public",
      },
      { flags: "--repository <owner/name>", description: "on GitHub", fallback: "contoso/imaging" },
      { flags: "--owner-id <id>", description: "id of the repository's owner", fallback: "123456" },
      { flags: "--repository-id <id>", description: "id of the repository", fallback: "456789" },
      {
        flags: "--environment <name>",
        description: "environment of the job on GitHub; empty: none",
        fallback: "dev",
      },
      {
        flags: "--ref <ref>",
        description: "of a job without environment; pull_request: of a pull request's",
        fallback: "refs/heads/main",
      },
      { flags: "--organization <name>", description: "in Azure DevOps", fallback: "contoso" },
      {
        flags: "--organization-id <id>",
        description: "id of the organization",
        fallback: "00000000-0000-0000-0000-00000000c0de",
      },
      { flags: "--project <name>", description: "in Azure DevOps", fallback: "imaging" },
      { flags: "--connection <name>", description: "service connection", fallback: "deploy" },
      {
        flags: "--connection-id <id>",
        description: "id of the service connection",
        fallback: "00000000-0000-0000-0000-00000000c0ca",
      },
    ],
    example: "issue-token github token.jwt --repository contoso/imaging --environment dev",
    async run(given) {
      const { administrator } = given;
      const file = given.text("file");
      const { file: _file, ...place } = given.values;
      const { assertion, issuer, subject, audience } = (await administrator.make(
        "workload-token",
        place,
      )) as Readonly<Record<string, string>>;
      await writeFile(file, assertion ?? "", { mode: 0o600 });
      return [
        `Wrote a token into ${file}. Who is to accept it trusts`,
        `  issuer    ${issuer ?? ""}`,
        `  subject   ${subject ?? ""}`,
        `  audience  ${audience ?? ""}`,
      ];
    },
  },
];
