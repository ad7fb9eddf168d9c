// How mocha loads the tests, which are TypeScript: compiled by swc, without a check of their types; `npm run check` does that.
require("ts-node").register({ swc: true });
