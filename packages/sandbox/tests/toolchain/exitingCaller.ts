/** A program that wants a CLI and gives up with exit code 3 when it receives SIGUSR2, without a word to the search. */
import { ensurePulumiCli } from "../../toolchain/pulumiCli";

process.on("SIGUSR2", () => process.exit(3));
void ensurePulumiCli({ download: false });
