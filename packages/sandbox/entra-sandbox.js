#!/usr/bin/env node
"use strict";
// npm links this file before anything is compiled.
require("./bin/cli.js");
