#!/usr/bin/env node
"use strict";
// npm links this file before anything is compiled.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `entra-sandbox needs Node.js 22.18 or newer, as Pulumi's SDK does; ${process.execPath} is v${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  require("./bin/cli.js");
}
