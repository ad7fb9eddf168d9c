import { defineConfig } from "oxlint";
import type { OxlintOverride } from "oxlint";

const ours = ["dicom-service-client", "dicom-service-client-policies", "dicom-ops", "entra-sandbox", "lab"];

/** Where ours may be imported from: these packages only, through their entries, and no other folder by a path. */
function border(
  files: readonly string[],
  allowed: readonly string[],
  folders: readonly string[],
): OxlintOverride {
  const others = ours.filter((name) => !allowed.includes(name));
  return {
    files: [...files],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(${others.join("|")})(/|$)`,
              message: "This package stands below that one, or beside it: see CONTRIBUTING.md.",
            },
            { regex: `^(${ours.join("|")})/bin/`, message: "Import the package's entry." },
            {
              regex: `^(\\./|(\\.\\./)+)(packages/)?(${folders.join("|")})(/|$)`,
              message: "Import another package by its name.",
            },
          ],
        },
      ],
    },
  };
}

export default defineConfig({
  ignorePatterns: ["template/", ".sandbox/", "**/bin/", "examples/"],
  options: { typeAware: true },
  plugins: ["eslint", "typescript"],
  // `correctness` and these are all that ESLint's and typescript-eslint's recommended sets ask for, and some more
  categories: { correctness: "error" },
  rules: {
    eqeqeq: "error",
    "no-array-constructor": "error",
    "no-case-declarations": "error",
    "no-console": "error",
    "no-empty": "error",
    "no-fallthrough": "error",
    "no-prototype-builtins": "error",
    "no-redeclare": "error",
    "no-regex-spaces": "error",
    "no-unexpected-multiline": "error",
    "no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
    "no-useless-assignment": "error",
    "no-var": "error",
    "prefer-const": "error",
    "prefer-rest-params": "error",
    "prefer-spread": "error",
    "preserve-caught-error": "error",
  },
  overrides: [
    {
      files: ["**/*.ts"],
      rules: {
        "typescript/ban-ts-comment": "error",
        "typescript/consistent-type-imports": "error",
        "typescript/explicit-module-boundary-types": "error",
        "typescript/no-empty-object-type": "error",
        "typescript/no-explicit-any": "error",
        "typescript/no-misused-promises": "error",
        "typescript/no-namespace": "error",
        "typescript/no-require-imports": "error",
        "typescript/no-unnecessary-type-assertion": "error",
        "typescript/no-unnecessary-type-constraint": "error",
        "typescript/no-unsafe-argument": "error",
        "typescript/no-unsafe-assignment": "error",
        "typescript/no-unsafe-call": "error",
        "typescript/no-unsafe-enum-comparison": "error",
        "typescript/no-unsafe-function-type": "error",
        "typescript/no-unsafe-member-access": "error",
        "typescript/no-unsafe-return": "error",
        "typescript/only-throw-error": "error",
        "typescript/prefer-promise-reject-errors": "error",
        "typescript/require-await": "error",
        "typescript/restrict-plus-operands": "error",
        "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
        // what is sorted here are strings
        "typescript/require-array-sort-compare": "off",
      },
    },
    {
      // mocha's suites and assertions read as statements, and an assertion on what is not there fails the test
      files: ["tests/**/*.ts", "packages/*/tests/**/*.ts"],
      rules: { "no-unused-expressions": "off", "no-unsafe-optional-chaining": "off" },
    },
    border(["index.ts"], ["dicom-service-client"], ["components", "policy", "operations", "sandbox", "lab"]),
    border(["components/**/*.ts"], ["dicom-service-client"], ["policy", "operations", "sandbox", "lab"]),
    border(["policy/**/*.ts"], [], ["components", "operations", "sandbox", "lab"]),
    border(
      ["packages/operations/**/*.ts"],
      ["dicom-service-client", "dicom-ops"],
      ["components", "policy", "sandbox", "lab"],
    ),
    border(["packages/sandbox/**/*.ts"], ["entra-sandbox"], ["components", "policy", "operations", "lab"]),
    border(["packages/lab/**/*.ts"], ours, ["components", "policy", "operations", "sandbox"]),
    border(["packages/*/tests/**/*.ts"], ours, ["components", "policy", "operations", "sandbox", "lab"]),
    border(["tests/**/*.ts", "scripts/**/*.ts"], ours, ["operations", "sandbox", "lab"]),
  ],
});
