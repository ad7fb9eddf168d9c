import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { projectFolder } from "./guideFiles";

/** A message that the product can print. */
export interface PrintedMessage {
  /** Its text, with `…` wherever something is filled in. */
  readonly text: string;
  /** Where the source makes it, as `<file>:<line>`. */
  readonly place: string;
}

/** All messages of a set of sources, and the places whose text cannot be read out of the source. */
export interface PrintedMessages {
  readonly messages: readonly PrintedMessage[];
  readonly unreadable: readonly string[];
}

/** Folders whose messages are of the product's own making. */
const ownFolders = [
  "components",
  "stack",
  "operations",
  "policy/pack",
  "toolchain",
  "sandbox/cli.ts",
  "sandbox/commandLine.ts",
  "sandbox/commands",
  "sandbox/portal",
  "sandbox/runner",
  "sandbox/tenant",
];

/** Programs that the toolchain starts for itself, a generator, and checks of our own tables: what they say is said of defects. */
const innerParts = [
  "stack/configurationGuide.ts",
  "toolchain/officialInstaller.ts",
  "toolchain/supervisor.ts",
  "toolchain/goModule.ts",
  "sandbox/tenant/core/router.ts",
];

/** Errors of the tenant that are answers of Microsoft's services, or defects. Only TenantError is shown to the sandbox's user. */
const tenantFolder = "sandbox/tenant/";

/** Properties of object literals that hold messages: of problems, of zod's checks, of explanations. */
const messageProperties = new Set(["message", "error", "says"]);

/**
 * Reads out of the sources, by TypeScript's own parser, every message with which a user can be faced: what errors are made with,
 * what checks of the configuration say, and what is logged as a warning or error. Errors that only a defect brings about
 * (`RangeError`) are left out.
 */
export function printedMessages(): PrintedMessages {
  const sources = ownFolders
    .flatMap(sourceFiles)
    .filter((file) => !innerParts.includes(file))
    .map((file) =>
      ts.createSourceFile(
        file,
        readFileSync(join(projectFolder, file), "utf8"),
        ts.ScriptTarget.Latest,
        true,
      ),
    );
  const reader = new MessageReader(declarationsOf(sources));
  const messages = new Map<string, PrintedMessage>();
  const unreadable: string[] = [];
  for (const source of sources) {
    for (const sink of sinksOf(source)) {
      const place = placeOf(sink.expression);
      const texts = reader
        .read(sink.expression)
        .map(normalised)
        .filter((text) => /\p{L}{2}.* /u.test(text));
      if (texts.length === 0 && sink.mustBeRead) unreadable.push(place);
      for (const text of texts) if (!messages.has(text)) messages.set(text, { text, place });
    }
  }
  return { messages: [...messages.values()], unreadable };
}

/** A message as the guide writes it: the first line, with one `…` for whatever is filled in. */
export function normalised(text: string): string {
  return (text.trimStart().split("\n")[0] ?? "")
    .replace(/…(?:[\s,]*…)+/g, "…")
    .replace(/\s+/g, " ")
    .trim();
}

interface Sink {
  readonly expression: ts.Expression;
  /** Whether nothing else would tell what is printed here. */
  readonly mustBeRead: boolean;
}

function sinksOf(source: ts.SourceFile): Sink[] {
  const sinks: Sink[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node)) {
      const argument = messageArgument(node, source.fileName);
      if (argument) sinks.push({ expression: argument, mustBeRead: true });
    } else if (ts.isCallExpression(node) && (isLog(node.expression) || isErrorsOwn(node))) {
      const [argument] = node.arguments;
      if (argument) sinks.push({ expression: argument, mustBeRead: isLog(node.expression) });
    } else if (
      ts.isPropertyAssignment(node) &&
      messageProperties.has(node.name.getText()) &&
      !ts.isObjectLiteralExpression(node.initializer) &&
      !source.fileName.startsWith(tenantFolder)
    ) {
      sinks.push({ expression: node.initializer, mustBeRead: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sinks;
}

function messageArgument(node: ts.NewExpression, file: string): ts.Expression | undefined {
  const name = ts.isPropertyAccessExpression(node.expression)
    ? node.expression.name.text
    : node.expression.getText();
  if (file.startsWith(tenantFolder) && name !== "TenantError") return undefined;
  if (name === "RefusedCall") return node.arguments?.[3];
  if (
    !/(Error|SourceUnavailable|SourceMissing|BrokenExecutable)$/.test(name) ||
    name === "RangeError" ||
    name === "CommanderError"
  )
    return undefined;
  // its parts are read where they are made: problems and their messages
  if (name === "ConfigError" || name === "PolicyConfigError") return undefined;
  const argument = node.arguments?.[0];
  return argument && ts.isObjectLiteralExpression(argument) ? undefined : argument;
}

function isLog(callee: ts.Expression): boolean {
  return /^pulumi\.log\.(warn|error)$/.test(callee.getText());
}

/** Whether a call hands the message of an error class of ours to the class above. */
function isErrorsOwn({ expression, parent }: ts.CallExpression): boolean {
  if (expression.kind !== ts.SyntaxKind.SuperKeyword) return false;
  let node: ts.Node = parent;
  while (!ts.isClassLike(node)) node = node.parent;
  return /Error$/.test(node.name?.text ?? "") && !node.getSourceFile().fileName.startsWith(tenantFolder);
}

type Declaration = ts.FunctionDeclaration | ts.VariableDeclaration;

/** Functions and constants by their names. */
function declarationsOf(sources: readonly ts.SourceFile[]): ReadonlyMap<string, readonly Declaration[]> {
  const found = new Map<string, Declaration[]>();
  for (const source of sources) {
    const visit = (node: ts.Node): void => {
      if (
        (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) &&
        node.name &&
        ts.isIdentifier(node.name)
      ) {
        found.set(node.name.text, [...(found.get(node.name.text) ?? []), node]);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/** Works out which texts an expression can become. */
class MessageReader {
  constructor(private readonly declarations: ReadonlyMap<string, readonly Declaration[]>) {}

  read(expression: ts.Expression, within: readonly ts.Node[] = []): readonly string[] {
    if (within.includes(expression) || within.length > 24) return [];
    const inside = [...within, expression];
    const also = (one: ts.Expression): readonly string[] => this.read(one, inside);
    if (ts.isStringLiteralLike(expression)) return [expression.text];
    if (ts.isTemplateExpression(expression)) return this.template(expression, inside);
    if (
      ts.isParenthesizedExpression(expression) ||
      ts.isAwaitExpression(expression) ||
      ts.isAsExpression(expression)
    )
      return also(expression.expression);
    if (ts.isConditionalExpression(expression))
      return [...also(expression.whenTrue), ...also(expression.whenFalse)];
    if (ts.isBinaryExpression(expression)) return this.binary(expression, inside);
    if (ts.isArrayLiteralExpression(expression)) return this.lines(expression, inside);
    if (ts.isSpreadElement(expression)) return also(expression.expression);
    if (ts.isArrowFunction(expression) || ts.isFunctionExpression(expression))
      return returned(expression).flatMap(also);
    if (ts.isIdentifier(expression)) return this.named(expression, inside);
    if (ts.isElementAccessExpression(expression)) return also(expression.expression);
    if (ts.isObjectLiteralExpression(expression))
      return expression.properties
        .filter(ts.isPropertyAssignment)
        .flatMap(({ initializer }) => also(initializer));
    if (ts.isCallExpression(expression)) {
      const { expression: callee, arguments: given } = expression;
      return ts.isPropertyAccessExpression(callee)
        ? [...also(callee.expression), ...(mapping.has(callee.name.text) ? given.flatMap(also) : [])]
        : also(callee);
    }
    return [];
  }

  /** A template says what is filled in only when it says nothing itself. */
  private template(expression: ts.TemplateExpression, inside: readonly ts.Node[]): readonly string[] {
    const { head, templateSpans } = expression;
    const text = [head.text, ...templateSpans.map(({ literal }) => literal.text)].join("…");
    return /\p{L}{2}/u.test(text)
      ? [text]
      : templateSpans.flatMap((span) => this.read(span.expression, inside));
  }

  private binary(expression: ts.BinaryExpression, inside: readonly ts.Node[]): readonly string[] {
    const [left, right] = [this.read(expression.left, inside), this.read(expression.right, inside)];
    if (expression.operatorToken.kind !== ts.SyntaxKind.PlusToken) return [...left, ...right];
    const orAny = (texts: readonly string[]): readonly string[] => (texts.length === 0 ? ["…"] : texts);
    return orAny(left).flatMap((one) => orAny(right).map((other) => `${one}${other}`));
  }

  /** Of several lines the first tells the message; what is computed among them may hold messages of its own. */
  private lines({ elements }: ts.ArrayLiteralExpression, inside: readonly ts.Node[]): readonly string[] {
    return elements
      .filter((element, index) => index === 0 || !isText(element))
      .flatMap((element) => this.read(element, inside));
  }

  /** What a function returns or a constant is; the nearest when several have the name. */
  private named(name: ts.Identifier, inside: readonly ts.Node[]): readonly string[] {
    const given = argumentsFor(name);
    if (given) return given.flatMap((argument) => this.read(argument, inside));
    return this.declared(name).flatMap((declaration) => {
      if (ts.isFunctionDeclaration(declaration))
        return returned(declaration).flatMap((one) => this.read(one, inside));
      return declaration.initializer ? this.read(declaration.initializer, inside) : [];
    });
  }

  private declared(name: ts.Identifier): readonly Declaration[] {
    const all = this.declarations.get(name.text) ?? [];
    for (let scope: ts.Node = name.parent; ; scope = scope.parent) {
      if (ts.isFunctionLike(scope) && parameterOf(scope, name.text) >= 0) return [];
      const here = all.filter((one) => scopeOf(one) === scope);
      if (here.length > 0) return here;
      if (ts.isSourceFile(scope)) break;
    }
    return importsOf(name.getSourceFile()).has(name.text)
      ? all.filter((one) => ts.isSourceFile(scopeOf(one)))
      : [];
  }
}

/** What a function of the same file is called with for one of its parameters; undefined when the name is none. */
function argumentsFor(name: ts.Identifier): readonly ts.Expression[] | undefined {
  const owner = ts.findAncestor(
    name,
    (node) => ts.isFunctionLike(node) && parameterOf(node, name.text) >= 0,
  ) as ts.SignatureDeclaration | undefined;
  if (!owner) return undefined;
  const called = owner.name?.getText();
  const index = parameterOf(owner, name.text);
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && called !== undefined) {
      const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
      const argument = node.arguments[index];
      if (callee.getText() === called && argument) found.push(argument);
    }
    ts.forEachChild(node, visit);
  };
  visit(name.getSourceFile());
  return found;
}

function parameterOf(owner: ts.SignatureDeclaration, wanted: string): number {
  return owner.parameters.findIndex((parameter) => binds(parameter.name, wanted));
}

function isText(expression: ts.Expression): boolean {
  return (
    ts.isStringLiteralLike(expression) ||
    ts.isTemplateExpression(expression) ||
    (ts.isBinaryExpression(expression) && isText(expression.left))
  );
}

function binds(name: ts.BindingName, wanted: string): boolean {
  return ts.isIdentifier(name)
    ? name.text === wanted
    : name.elements.some((element) => ts.isBindingElement(element) && binds(element.name, wanted));
}

function scopeOf(declaration: ts.Node): ts.Node {
  let scope = declaration.parent;
  while (!ts.isBlock(scope) && !ts.isSourceFile(scope) && !ts.isFunctionLike(scope)) scope = scope.parent;
  return scope;
}

/** The names that a file imports. */
function importsOf(source: ts.SourceFile): ReadonlySet<string> {
  return new Set(
    source.statements.filter(ts.isImportDeclaration).flatMap(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      return bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
    }),
  );
}

/** Methods of lists whose functions make what comes out. */
const mapping = new Set(["all", "concat", "flatMap", "map"]);

function returned(
  body: ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression,
): readonly ts.Expression[] {
  if (body.body && !ts.isBlock(body.body)) return [body.body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  if (body.body) ts.forEachChild(body.body, visit);
  return found;
}

/** What `verify` calls the problems that it knows, such as `wrong-secret`. */
export function verificationProblems(): readonly string[] {
  const file = "operations/verify/verification.ts";
  const source = ts.createSourceFile(
    file,
    readFileSync(join(projectFolder, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  return source.statements.flatMap((statement) =>
    ts.isTypeAliasDeclaration(statement) &&
    statement.name.text === "Problem" &&
    ts.isUnionTypeNode(statement.type)
      ? statement.type.types.flatMap((type) =>
          ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : [],
        )
      : [],
  );
}

function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function sourceFiles(path: string): readonly string[] {
  if (path.endsWith(".ts")) return [path];
  return readdirSync(join(projectFolder, path), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => `${path}/${file.replaceAll("\\", "/")}`)
    .sort();
}
