// Which cells of a submission have to be run: demonstrations take minutes and earn no points.
import ts from "typescript";

/** A cell, or a statement of one, and its names. */
interface Part {
  code: string;
  imports: readonly string[];
  /** What it declares besides, and whether others can change what the name stands for. */
  declares: ReadonlyMap<string, { changeable: boolean }>;
  /** What it uses or assigns to, of what cells declare or import. */
  mentions: ReadonlySet<string>;
}

/**
 * Leaves out what the lesson itself says, as far as no answer depends on it. All cells that the student
 * has written or changed are run. A statement of one of the lesson's cells is run too where it declares
 * or imports a name that stands in what is run, and where it mentions such a name and might change what
 * it stands for: anything but functions, classes, types, and constant numbers and texts.
 *
 * @param codes the code cells of a submission
 * @param lesson those of the lesson, without solutions: unchanged, each hands in nothing
 * @returns by cell, what of it is to be run, nothing where it is not needed; and is it the student's own?
 */
export function neededCode(
  codes: readonly string[],
  lesson: Iterable<string>,
): { code: string; own: boolean }[] {
  const given = new Set([...lesson].map(plain));
  const isOwn = (code: string) => !isMark(code) && !given.has(plain(code));
  const unread = codes.filter((code) => isOwn(code) || (!isMark(code) && !known.has(code)));
  const read = parsed(unread);
  const cells = codes.map((code) => {
    if (isMark(code)) {
      return [];
    }
    return isOwn(code) ? [wholeOf(code, read)] : partsOf(code, read);
  });
  const parts = cells.flat();
  const changeable = new Set(
    parts.flatMap(({ declares }) =>
      [...declares].flatMap(([name, each]) => (each.changeable ? [name] : [])),
    ),
  );
  const mentioned = new Set<string>();
  const taken = new Set<Part>();
  const take = (part: Part) => {
    taken.add(part);
    for (const name of part.mentions) {
      mentioned.add(name);
    }
  };
  const matters = ({ imports, declares, mentions }: Part) =>
    [...imports, ...declares.keys()].some((name) => mentioned.has(name)) ||
    [...mentions].some((name) => mentioned.has(name) && changeable.has(name));
  cells.forEach((cell, index) => {
    if (isOwn(codes[index])) {
      cell.forEach(take);
    }
  });
  const next = () => parts.find((part) => !taken.has(part) && matters(part));
  for (let part = next(); part; part = next()) {
    take(part);
  }
  return cells.map((cell, index) => ({
    code: cell.flatMap((part) => (taken.has(part) ? [part.code] : [])).join("\n"),
    own: isOwn(codes[index]),
  }));
}

/** The code as far as it matters, whatever the editor has made of its blanks. */
const plain = (code: string) => code.replace(/\s+/g, " ").trim();

/** The cell that an autograder reads in a student's version; it hands in nothing. */
const isMark = (code: string) => /^check\.\w+\.mark\(\w*\);?\s*(\/\/.*)?$/.test(code.trim());

/** Cells of lessons come again with every submission. */
const known = new Map<string, readonly Part[]>();

/** The statements of a cell of a lesson. */
function partsOf(code: string, { sources, checker }: ParsedCells): readonly Part[] {
  const found = known.get(code);
  if (found) {
    return found;
  }
  const { statements } = sources.get(code) as ts.SourceFile;
  const parts = statements.map((statement) =>
    partOf(code.slice(statement.getStart(), statement.end), [statement], checker),
  );
  known.set(code, parts);
  return parts;
}

/** A cell as a single part. */
function wholeOf(code: string, { sources, checker }: ParsedCells): Part {
  return partOf(code, (sources.get(code) as ts.SourceFile).statements, checker);
}

function partOf(code: string, statements: readonly ts.Statement[], checker: ts.TypeChecker): Part {
  const imports: string[] = [];
  const declares = new Map<string, { changeable: boolean }>();
  const mentions = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !namesProperty(node) && isOfTopLevel(node, checker)) {
      mentions.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of statements) {
    if (ts.isImportDeclaration(statement)) {
      imports.push(...bindingNames(statement.importClause));
      continue;
    }
    visit(statement);
    if (ts.isVariableStatement(statement)) {
      const isConstant = statement.declarationList.flags & ts.NodeFlags.Const;
      for (const { name, initializer } of statement.declarationList.declarations) {
        const changeable = !(isConstant && isFixed(initializer, name));
        for (const each of bindingNames(name)) {
          declares.set(each, { changeable });
        }
      }
    } else {
      for (const each of bindingNames((statement as unknown as { name?: ts.Node }).name)) {
        declares.set(each, { changeable: ts.isEnumDeclaration(statement) });
      }
    }
  }
  return { code, imports, declares, mentions };
}

/** Is a name that of a cell's top level, of this cell's or another's? */
function isOfTopLevel(name: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  const [declaration] = symbol?.declarations ?? [];
  for (let node: ts.Node | undefined = declaration; node; node = node.parent) {
    if (ts.isFunctionLike(node) || ts.isBlock(node) || ts.isClassLike(node)) {
      // A function or a class itself is of the top level where its name is.
      if (node !== declaration) {
        return false;
      }
    }
  }
  return true;
}

/** Does a constant with this value, or a list of constants, stay what it is, whoever gets hold of it? */
function isFixed(value: ts.Expression | undefined, name?: ts.BindingName): boolean {
  if (name && !ts.isIdentifier(name)) {
    return (
      value !== undefined &&
      ts.isArrayBindingPattern(name) &&
      ts.isArrayLiteralExpression(value) &&
      value.elements.every((each) => isFixed(each))
    );
  }
  return (
    value !== undefined &&
    (ts.isArrowFunction(value) ||
      ts.isFunctionExpression(value) ||
      /^check\.\w+\.use\(/.test(value.getText()) ||
      // An object of functions, such as a loss with its gradient.
      (ts.isObjectLiteralExpression(value) &&
        value.properties.every(
          (each) => ts.isPropertyAssignment(each) && isFixed(each.initializer),
        )) ||
      ts.isNumericLiteral(value) ||
      ts.isStringLiteralLike(value) ||
      (ts.isPrefixUnaryExpression(value) && isFixed(value.operand)) ||
      (ts.isBinaryExpression(value) && isFixed(value.left) && isFixed(value.right)))
  );
}

/** Cells by their texts, each by itself, with a checker that knows which names are a cell's own. */
interface ParsedCells {
  sources: ReadonlyMap<string, ts.SourceFile>;
  checker: ts.TypeChecker;
}

function parsed(codes: readonly string[]): ParsedCells {
  const options: ts.CompilerOptions = {
    noLib: true,
    noResolve: true,
    types: [],
    target: ts.ScriptTarget.Latest,
  };
  const sources = new Map<string, ts.SourceFile>();
  const files = new Map<string, ts.SourceFile>();
  for (const code of new Set(codes)) {
    const name = `cell-${files.size}.ts`;
    // A module: its names are no other's.
    const text = `${code}\nexport {};`;
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    sources.set(code, source);
    files.set(name, source);
  }
  const program = ts.createProgram([...files.keys()], options, {
    ...ts.createCompilerHost(options),
    getSourceFile: (name) => files.get(name),
    fileExists: (name) => files.has(name),
    readFile: () => undefined,
  });
  return { sources, checker: program.getTypeChecker() };
}

/** The names in a pattern, a clause of imports, or a name alone. */
function bindingNames(node: ts.Node | undefined): string[] {
  if (node === undefined) {
    return [];
  }
  if (ts.isIdentifier(node)) {
    return [node.text];
  }
  if (ts.isBindingElement(node) || ts.isImportSpecifier(node)) {
    return bindingNames(node.name);
  }
  const names: string[] = [];
  ts.forEachChild(node, (child) => {
    names.push(...bindingNames(child));
  });
  return names;
}

/** Is it the `b` of `a.b`, of `typeof a.b`, of `{ b: 1 }`, of `{ b: c } = a`, or a member of a class or a type? */
function namesProperty(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isQualifiedName(parent)) {
    return parent.right === node;
  }
  if (ts.isBindingElement(parent)) {
    return parent.propertyName === node;
  }
  return (
    (ts.isPropertyAccessExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isClassElement(parent) ||
      ts.isTypeElement(parent)) &&
    parent.name === node
  );
}
