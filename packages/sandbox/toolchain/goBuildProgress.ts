import { cliPackage } from "./goModule";
import { OutputTail } from "./outputTail";

/** Follows what `go build -v` prints: modules as they are downloaded, packages as they are compiled, complaints. */
export class GoBuildProgress {
  private modules = 0;
  private packages = 0;
  private linking = false;

  /** The last lines that are neither a module nor a package: why a build failed. */
  readonly failure = new OutputTail();

  add(line: string): void {
    if (line.startsWith("go: downloading ")) this.modules += 1;
    else if (line === cliPackage) this.linking = true;
    else if (/^[\w./~-]+$/.test(line)) this.packages += 1;
    else this.failure.add(line);
  }

  /** What is being done now. */
  describe(): string {
    if (this.linking) return "linking";
    if (this.packages > 0) return `compiling (${this.packages} packages so far)`;
    return this.modules > 0 ? `downloading modules (${this.modules} so far)` : "starting";
  }
}
