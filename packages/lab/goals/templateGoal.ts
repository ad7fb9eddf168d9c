import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seedResourceIds } from "entra-sandbox";
import type { BenchContext } from "../benchRun";
import { projectRoot } from "../fixtures/repository";
import { labFolder } from "../labFolder";
import { beforeRotation, fleetClients } from "../population/fleetClients";
import type { JudgedGoal } from "../report/goal";
import { median } from "../speed/median";
import { type ConfigurableStack, withSpeedFixture } from "../speed/speedFixture";

const rounds = 5;
const { dicomService } = seedResourceIds;

/** The template's project, and what its user would write without it. */
const projects = {
  template: {
    source: join(projectRoot, "template"),
    config: { asOf: beforeRotation, dicomService, clients: fleetClients({ clients: 1, prefix: "template" }) },
  },
  plain: {
    source: join(labFolder, "goals", "plainProject"),
    config: { dicomService, loginUrl: "https://login.microsoftonline.com" },
  },
} as const;
type ProjectName = keyof typeof projects;

/** Whether an earlier run has left compiled code behind: that of ts-node for the plain program, that of Node.js for both. */
const starts = { first: "nothing compiled yet, as in a pipeline", again: "compiled before" } as const;
type Start = keyof typeof starts;

/** Seconds of each preview. */
type Samples = Readonly<Record<Start, Readonly<Record<ProjectName, number[]>>>>;

/**
 * A preview without changes of one client: in a project made from the template, against a program that declares the same without this
 * repository's packages and loaded as Pulumi does by default: type-checked whenever ts-node finds no code of it in the temporary
 * folder. Both refresh first.
 */
export async function measureTemplatePreview(context: BenchContext): Promise<JudgedGoal[]> {
  const { base, note } = context;
  const samples: Samples = { first: { template: [], plain: [] }, again: { template: [], plain: [] } };
  await withSpeedFixture(context, async ({ openStack }) => {
    const temporaryFolder = (name: ProjectName): string => join(base, `${name}-tmp`);
    const open = async (name: ProjectName): Promise<ConfigurableStack> => {
      await mkdir(temporaryFolder(name));
      const project = await copyProject(name, base);
      const stack = await openStack(project, "dev", { TMPDIR: temporaryFolder(name) });
      await stack.configureWith(projects[name].config);
      await stack.run("up", "--yes", "--skip-preview");
      return stack;
    };
    note("deploying one client with each program");
    const stacks = { template: await open("template"), plain: await open("plain") };
    for (let round = 0; round < rounds; round++) {
      note(`previews, round ${round + 1} of ${rounds}`);
      const order: readonly ProjectName[] = round % 2 === 0 ? ["template", "plain"] : ["plain", "template"];
      for (const name of order) {
        await rm(temporaryFolder(name), { recursive: true });
        await mkdir(temporaryFolder(name));
        for (const start of ["first", "again"] as const) {
          const { milliseconds } = await stacks[name].run("preview", "--expect-no-changes");
          samples[start][name].push(milliseconds / 1000);
        }
      }
    }
  });
  return (["first", "again"] as const).map((start) => judge(start, samples[start]));
}

function judge(start: Start, seconds: Samples[Start]): JudgedGoal {
  const [template, plain] = [median(seconds.template), median(seconds.plain)];
  return {
    what: `preview of a template project, 1 client, ${starts[start]}`,
    goal: "at most 0.80 × a plain program with Pulumi's defaults",
    measured: `${(template / plain).toFixed(2)} (${template.toFixed(2)} s / ${plain.toFixed(2)} s)`,
    met: template <= 0.8 * plain,
  };
}

/** Copies a project as `pulumi new` does, and gives it this repository's packages in place of an installation. */
async function copyProject(name: ProjectName, base: string): Promise<string> {
  const project = join(base, name);
  await cp(projects[name].source, project, { recursive: true });
  for (const file of ["Pulumi.yaml", "package.json"]) {
    const text = await readFile(join(project, file), "utf8");
    const filled = text.replaceAll("${PROJECT}", `${name}-clients`).replaceAll("${DESCRIPTION}", "");
    await writeFile(join(project, file), filled);
  }
  await symlink(join(projectRoot, "node_modules"), join(project, "node_modules"), "dir");
  return project;
}
