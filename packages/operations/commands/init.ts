import { parseDicomScope, readStackConfig } from "dicom-service-client/model";
import { StackFile } from "../adopt/stackFile";
import { withCloud } from "../cloud/openCloud";
import { exitCode, type ExitCode } from "../exitCode";
import { type CredentialKind, type NewClient, writtenClient } from "../init/newClient";
import { Questions, type Terminal } from "../init/terminal";
import { readTenantFacts, type TenantFacts } from "../init/tenantFacts";
import { messageOf, OperationError } from "../operationError";
import { runPulumi } from "../pipeline/pulumiRun";
import { runPulumiCli } from "../project/pulumiCommandLine";
import { PulumiProject } from "../project/pulumiProject";
import { stackFilePath } from "../project/stackFilePath";
import { cliContext, type OperationContext } from "./operation";

/** What `init` is asked for; at a terminal it asks for what is missing. */
export interface InitChoices {
  readonly dicomService?: string;
  readonly client?: string;
  readonly displayName?: string;
  readonly role?: string;
  readonly credential?: CredentialKind;
  readonly issuer?: string;
  readonly subject?: string;
  readonly certificate?: string;
  readonly consent: "managed" | "external";
  readonly preview: boolean;
}

/** Where `init` works, and whom it can ask. */
export interface InitContext extends Omit<OperationContext, "stack"> {
  /** Absent when none is named. */
  readonly stack?: string;
  /** Absent when nobody can be asked. */
  readonly terminal?: Terminal;
}

/** For editors, which complete and check the file by it. */
const fileStart =
  "# yaml-language-server: $schema=node_modules/dicom-service-client/stack/config.schema.json\n";

/**
 * Declares a first client, or another one, in a stack file, and shows what deploying it would do.
 *
 * @returns 1 when the preview fails; the stack file is written then
 */
export async function init(context: InitContext, choices: InitChoices): Promise<ExitCode> {
  const { console, folder } = context;
  const credential = givenCredential(choices);
  const project = await PulumiProject.open({ ...cliContext(context), stack: context.stack ?? "" });
  const facts = await tenantFacts(context);
  const { stack, client } = await complete(context, { ...choices, ...(credential && { credential }) }, facts);
  const now = console.clock.now();
  const written = writtenClient(client, facts.secrets, now);
  // Checked as by a deployment, with every problem at once.
  readStackConfig({ clients: { [client.name]: written }, asOf: now.toISOString().slice(0, 10), folder }, now);
  const ofProject = stackFilePath(folder, stack);
  const files = await Promise.all(
    [...new Set([context.stackFile ?? ofProject, ofProject])].map((path) =>
      StackFile.read(path, project.name, fileStart),
    ),
  );
  const [kept] = files;
  if (files.some((file) => file.has(client.name))) {
    throw new OperationError(
      `${kept?.path ?? ofProject} has a client ${client.name} already. Nothing was written.`,
      {
        cure: "Name another one with --client, or edit the file.",
      },
    );
  }
  for (const file of files) await file.with(client.name, written).write();
  await console.say(`Wrote the client ${client.name} to ${kept?.path ?? ofProject}`);
  return choices.preview ? preview(context, stack) : exitCode.ok;
}

/** What only one kind of credential needs. */
const furtherQuestions = {
  issuer: { of: "federated", flags: "--issuer <url>", question: "What is the issuer of its tokens?" },
  subject: { of: "federated", flags: "--subject <subject>", question: "What is their subject?" },
  certificate: { of: "certificate", flags: "--certificate <file>", question: "Which PEM file holds it?" },
} as const satisfies Readonly<Record<string, { of: CredentialKind; flags: string; question: string }>>;
type FurtherOption = keyof typeof furtherQuestions;
const everyFurtherOption = Object.keys(furtherQuestions) as readonly FurtherOption[];

function furtherOptions(credential: CredentialKind): readonly FurtherOption[] {
  return everyFurtherOption.filter((option) => furtherQuestions[option].of === credential);
}

/**
 * The kind of credential that is given, or that the options are for which only one kind needs.
 *
 * @throws OperationError when that is more than one kind
 */
function givenCredential(choices: InitChoices): CredentialKind | undefined {
  const given = everyFurtherOption.filter((option) => choices[option] !== undefined);
  const kinds = new Set(
    [choices.credential ?? [], given.map((option) => furtherQuestions[option].of)].flat(),
  );
  const [only, ...others] = kinds;
  if (others.length === 0) return only;
  const wanted = given.map((option) => `--${option} is for --credential ${furtherQuestions[option].of}`);
  throw new OperationError(`A client gets one kind of credential: ${wanted.join("; ")}.`, {
    cure: "Leave out what is for another kind.",
  });
}

/** What cannot be read is told, and asked for. */
async function tenantFacts(context: InitContext): Promise<TenantFacts> {
  const { console } = context;
  console.note("Looking for DICOM services, and for the tenant's policy on credentials");
  try {
    const facts = await withCloud(context, { providers: {}, clients: [] }, ({ client }) =>
      readTenantFacts(client),
    );
    for (const { unknown, said } of facts.gaps) await console.say(`Not read: ${unknown}. ${said}`);
    return facts;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    await console.say(`The tenant is not looked at: ${messageOf(error)}`);
    return { dicomServices: [], secrets: { areForbidden: false }, gaps: [] };
  }
}

/** @throws OperationError with everything that is missing when nobody can be asked */
async function complete(
  context: InitContext,
  choices: InitChoices,
  facts: TenantFacts,
): Promise<{ readonly stack: string; readonly client: NewClient }> {
  const { terminal, console } = context;
  await console.clear();
  const questions = terminal && new Questions(terminal, console.signal);
  const answered = (
    given: string | undefined,
    ask: (questions: Questions) => Promise<string>,
  ): Promise<string> => {
    if (given !== undefined) return Promise.resolve(given);
    if (questions === undefined) throw missing(context, choices, facts);
    return ask(questions);
  };
  const dicomService = await answered(choices.dicomService, (from) => askService(from, facts.dicomServices));
  const stack = await answered(context.stack, (from) =>
    from.ask("What is the stack called?", "dev", problemOfWord("a stack")),
  );
  const name = await answered(choices.client, (from) =>
    from.ask("What is the client called?", "imaging-gateway", problemOfWord("a client")),
  );
  const role =
    choices.role ?? (questions ? await questions.choose("What may it do?", roles, "reader") : "reader");
  const credential = choices.credential ?? (await chooseCredential(questions, facts));
  if (credential === "secret" && facts.secrets.areForbidden) {
    throw new OperationError("The tenant's app management policy forbids new secrets. Nothing was written.", {
      cure: "Choose --credential federated or --credential certificate, or have the policy exempt the client.",
    });
  }
  const further: Partial<Record<FurtherOption, string>> = {};
  for (const option of furtherOptions(credential)) {
    further[option] = await answered(choices[option], (from) =>
      from.ask(furtherQuestions[option].question, "", (text) =>
        text === "" ? "Type an answer." : undefined,
      ),
    );
  }
  const words = name.replaceAll("-", " ");
  const displayName =
    choices.displayName ??
    `${words.charAt(0).toUpperCase()}${words.slice(1)} (${stack.split("/").at(-1) ?? stack})`;
  return {
    stack,
    client: { name, displayName, dicomService, role, consent: choices.consent, credential, ...further },
  };
}

const roles = [
  { value: "reader", label: "reader", hint: "find and read studies" },
  { value: "owner", label: "owner", hint: "store and delete, too" },
];

async function askService(questions: Questions, found: readonly string[]): Promise<string> {
  const another = "another";
  const chosen =
    found.length === 0
      ? another
      : await questions.choose(
          "Which DICOM service is it for?",
          [
            ...found.map((id) => {
              const scope = parseDicomScope(id);
              const label = scope ? `${scope.workspace}/${scope.dicomService ?? ""}` : id;
              return { value: id, label, ...(scope ? { hint: scope.resourceGroup } : {}) };
            }),
            { value: another, label: "another one" },
          ],
          found[0] ?? another,
        );
  return chosen === another
    ? questions.ask("What is the resource id of the DICOM service?", "", (answer) =>
        parseDicomScope(answer)?.dicomService === undefined
          ? "Write /subscriptions/…/workspaces/<workspace>/dicomservices/<service>."
          : undefined,
      )
    : chosen;
}

function usualCredential({ secrets }: TenantFacts): CredentialKind {
  return secrets.areForbidden ? "federated" : "secret";
}

async function chooseCredential(
  questions: Questions | undefined,
  facts: TenantFacts,
): Promise<CredentialKind> {
  const usual = usualCredential(facts);
  if (questions === undefined) return usual;
  const chosen = await questions.choose(
    "How does it sign in?",
    [
      ...(facts.secrets.areForbidden
        ? []
        : [{ value: "secret", label: "secret", hint: "rotates by itself" }]),
      { value: "federated", label: "federated credential", hint: "the tokens of another issuer; no secret" },
      { value: "certificate", label: "certificate", hint: "a PEM file" },
    ],
    usual,
  );
  return chosen as CredentialKind;
}

function missing(context: InitContext, choices: InitChoices, facts: TenantFacts): OperationError {
  const wanted: readonly (readonly [string, string | undefined])[] = [
    ["--dicom-service <id>", choices.dicomService],
    ["--stack <name>", context.stack],
    ["--client <name>", choices.client],
    ...furtherOptions(choices.credential ?? usualCredential(facts)).map(
      (option) => [furtherQuestions[option].flags, choices[option]] as const,
    ),
  ];
  const options = wanted.flatMap(([flags, given]) => (given === undefined ? [flags] : []));
  const services = choices.dicomService === undefined ? facts.dicomServices : [];
  return new OperationError("There is no terminal to ask questions on. Nothing was written.", {
    cure: [
      `Give ${options.join(", ")}.`,
      ...(services.length === 0
        ? []
        : ["The DICOM services that you may see:", ...services.map((id) => `  ${id}`)]),
    ].join("\n"),
  });
}

function problemOfWord(what: string): (answer: string) => string | undefined {
  return (answer) =>
    /^[a-z][a-z0-9-]{0,49}$/.test(answer)
      ? undefined
      : `The name of ${what} consists of lower-case letters, digits and hyphens.`;
}

/** Shows what deploying the stack would do; a stack that is not in the backend yet is made. */
async function preview(context: InitContext, stack: string): Promise<ExitCode> {
  const { console, env, folder } = context;
  const there: unknown = JSON.parse(await runPulumiCli(["stack", "ls", "--json"], cliContext(context)));
  const isThere = Array.isArray(there) && there.some((one: { name?: unknown }) => one.name === stack);
  if (!isThere) {
    console.note(`Making the stack ${stack}`);
    await runPulumiCli(["stack", "init", stack, "--no-select"], cliContext(context));
  }
  console.note("Previewing what pulumi up would do");
  const { code } = await runPulumi(["preview", "--stack", stack], {
    folder,
    env,
    follow: (text) => void console.result(text),
    signal: console.signal,
  });
  if (code === 0) await console.say(`Deploy it with: pulumi up --stack ${stack}`);
  return code === 0 ? exitCode.ok : exitCode.failed;
}
