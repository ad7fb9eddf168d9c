import { main } from "@pulumi/pulumi/provider";
import { ComponentProvider } from "./componentProvider";

/** What Pulumi runs when a program in another language uses this folder as a package. */
function serve(): Promise<void> {
  return main(new ComponentProvider(), process.argv.slice(2));
}

export = serve;
