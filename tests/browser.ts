import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser } from "playwright-core";

/** Where a program lies, and what it needs in its environment. */
interface Chromium {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

/** Unpacks into the folder for temporary files of its process; told that it runs where the system has no libraries, it brings them. */
const unpack = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;

/**
 * Starts a headless Chromium: the one that CHROMIUM_PATH names, otherwise the one that an npm package brings along for Linux on x64.
 * @throws Error that says what to do when there is neither
 */
export async function startBrowser(): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  return chromium.launch({
    executablePath,
    env: { ...definedEnvironment(), ...env },
    chromiumSandbox: false,
    args: ["--disable-gpu", "--disable-background-networking"],
  });
}

async function findChromium(): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return { executablePath: named, env: {} };
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("Set CHROMIUM_PATH to a Chromium or Chrome: npm brings one for Linux on x64 only.");
  }
  const folder = await packagedChromium();
  return {
    executablePath: join(folder, "chromium"),
    env: {
      FONTCONFIG_PATH: join(folder, "fonts"),
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      HOME: folder,
    },
  };
}

/** Unpacked once for each installation; another process that does the same at the same time does no harm. */
async function packagedChromium(): Promise<string> {
  const cache = join(__dirname, "..", "node_modules", ".cache");
  const folder = join(cache, "chromium");
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, "chromium-"));
  try {
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", unpack], {
      cwd: __dirname,
      env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
    });
    await writeFile(join(fresh, "fonts", "fonts.conf"), fontConfig(folder));
    await rename(fresh, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** The font that the package brings, so that text looks the same everywhere; the package's own file expects it elsewhere. */
function fontConfig(folder: string): string {
  const path = (name: string): string => join(folder, name).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<fontconfig><dir>${path("fonts")}</dir><cachedir>${path("fontCache")}</cachedir></fontconfig>\n`;
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
