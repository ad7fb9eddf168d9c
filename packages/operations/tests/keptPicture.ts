import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";

const folder = join(__dirname, "pictures");

/** Makes a picture a quarter as wide, which keeps where things are and in which colours, and takes little space. */
const reduced = `async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width / 4, height: image.height / 4 });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/webp", 0.5);
}`;

/** The share of the pixels that are clearly different; 1 of pictures of different size. */
const difference = `async (...addresses) => {
  const pixels = await Promise.all(addresses.map(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  }));
  const [one, other] = pixels;
  if (one.width !== other.width || one.height !== other.height) return 1;
  let different = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    if ([0, 1, 2].some((channel) => Math.abs(one.data[at + channel] - other.data[at + channel]) > 40)) different += 1;
  }
  return different / (one.data.length / 4);
}`;

/**
 * Compares a screenshot with the picture that is kept of it, and gives the share of the pixels that are clearly different, from 0 to 1.
 * With UPDATE_PICTURES=1 it is kept instead.
 *
 * @param name of the file, without its ending
 * @param screenshot PNG
 */
export async function differenceFromKept(
  browser: Browser,
  name: string,
  screenshot: Buffer,
): Promise<number> {
  const path = join(folder, `${name}.webp`);
  const page = await browser.newPage();
  try {
    const png = `data:image/png;base64,${screenshot.toString("base64")}`;
    const seen = await page.evaluate<string>(`(${reduced})(${JSON.stringify(png)})`);
    if (process.env["UPDATE_PICTURES"] === "1") {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, Buffer.from(seen.slice(seen.indexOf(",") + 1), "base64"));
      return 0;
    }
    const kept = `data:image/webp;base64,${(await readFile(path)).toString("base64")}`;
    return await page.evaluate<number>(`(${difference})(${JSON.stringify(kept)}, ${JSON.stringify(seen)})`);
  } finally {
    await page.close();
  }
}
