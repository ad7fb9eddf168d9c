import js from "@eslint/js";
import tseslint from "typescript-eslint";

const ours = ["dicom-service-client", "dicom-service-client-policies", "dicom-ops", "entra-sandbox", "lab"];

/** Where ours may be imported from: these packages only, through their entries, and no other folder by a path. */
function border(files, allowed, folders) {
  const others = ours.filter((name) => !allowed.includes(name));
  return {
    files,
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

export default tseslint.config(
  { ignores: ["template/", "node_modules/", ".sandbox/", "**/bin/", "examples/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    // a project service takes twice as long: it is made for editors
    languageOptions: { parserOptions: { project: "tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["packages/*/*.js"],
    languageOptions: { sourceType: "commonjs", globals: { require: "readonly", process: "readonly" } },
  },
  {
    // mocha's suites and assertions read as statements
    files: ["tests/**/*.ts", "packages/*/tests/**/*.ts"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
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
);
