import type ts from "typescript";
import type { TypeScript } from "../host";

/** What the compiler has, but does not tell of in its types. */
interface Internals {
  getEmitResolver?: () => {
    getReferencedExportContainer(name: ts.Identifier): ts.Node | undefined;
  };
}

/**
 * Has patterns that give exported variables their values work as they do anywhere else.
 *
 * Where the compiler emits CommonJS it takes `export const [a, b] = pairs` apart into `pairs[0]` and
 * `pairs[1]`, and `[a, b] = pairs` too. That is wrong for all that is not an array: sets, maps,
 * generators. So the variables become members here, `[exports.a, exports.b] = pairs`, of which the
 * compiler knows nothing and which it leaves to the engine.
 */
export function exportedPatterns(ts: TypeScript): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const { factory } = context;
    const resolver = (context as unknown as Internals).getEmitResolver?.();
    if (!resolver) {
      return file;
    }
    const isExported = (name: ts.Identifier) =>
      resolver.getReferencedExportContainer(name)?.kind === ts.SyntaxKind.SourceFile;
    const member = (name: ts.Identifier) =>
      ts.setTextRange(
        factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name.text),
        name,
      );

    /** The assignment pattern of a binding pattern all of whose names are exported. */
    const fromBinding = (name: ts.BindingName): ts.Expression => {
      if (ts.isIdentifier(name)) {
        return member(name);
      }
      if (ts.isArrayBindingPattern(name)) {
        return factory.createArrayLiteralExpression(
          name.elements.map((element) => {
            if (ts.isOmittedExpression(element)) {
              return element;
            }
            const target = fromBinding(element.name);
            return element.dotDotDotToken
              ? factory.createSpreadElement(target)
              : withDefault(target, element.initializer);
          }),
        );
      }
      return factory.createObjectLiteralExpression(
        name.elements.map((element) => {
          const target = fromBinding(element.name);
          return element.dotDotDotToken
            ? factory.createSpreadAssignment(target)
            : factory.createPropertyAssignment(
                visitName(element.propertyName ?? (element.name as ts.Identifier)),
                withDefault(target, element.initializer),
              );
        }),
      );
    };
    const withDefault = (target: ts.Expression, initializer: ts.Expression | undefined) =>
      initializer ? factory.createAssignment(target, visitExpression(initializer)) : target;
    const visitName = (name: ts.PropertyName) =>
      ts.isIdentifier(name)
        ? factory.createIdentifier(name.text)
        : (ts.visitNode(name, visit) as ts.PropertyName);
    const visitExpression = (node: ts.Expression) => ts.visitNode(node, visit) as ts.Expression;

    /** The same pattern with members in place of exported variables. */
    const fromAssignment = (node: ts.Expression): ts.Expression => {
      if (ts.isIdentifier(node)) {
        return isExported(node) ? member(node) : node;
      }
      if (ts.isArrayLiteralExpression(node)) {
        return factory.updateArrayLiteralExpression(node, node.elements.map(fromElement));
      }
      if (ts.isObjectLiteralExpression(node)) {
        return factory.updateObjectLiteralExpression(node, node.properties.map(fromProperty));
      }
      return visitExpression(node);
    };
    const fromElement = (node: ts.Expression): ts.Expression => {
      if (ts.isSpreadElement(node)) {
        return factory.updateSpreadElement(node, fromAssignment(node.expression));
      }
      if (isAssignment(node)) {
        const { left, operatorToken, right } = node;
        return factory.updateBinaryExpression(
          node,
          fromAssignment(left),
          operatorToken,
          visitExpression(right),
        );
      }
      return fromAssignment(node);
    };
    const fromProperty = (node: ts.ObjectLiteralElementLike): ts.ObjectLiteralElementLike => {
      if (ts.isPropertyAssignment(node)) {
        const { name, initializer } = node;
        return factory.updatePropertyAssignment(node, visitName(name), fromElement(initializer));
      }
      if (ts.isSpreadAssignment(node)) {
        return factory.updateSpreadAssignment(node, fromAssignment(node.expression));
      }
      if (ts.isShorthandPropertyAssignment(node) && isExported(node.name)) {
        return factory.createPropertyAssignment(
          factory.createIdentifier(node.name.text),
          withDefault(member(node.name), node.objectAssignmentInitializer),
        );
      }
      return ts.visitEachChild(node, visit, context);
    };
    const isAssignment = (node: ts.Node): node is ts.BinaryExpression =>
      ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    const isPattern = (node: ts.Node): node is ts.Expression =>
      ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node);

    const visit = (node: ts.Node): ts.Node => {
      if (isAssignment(node) && isPattern(node.left)) {
        return fromElement(node);
      }
      if (ts.isForOfStatement(node) && isPattern(node.initializer)) {
        return factory.updateForOfStatement(
          node,
          node.awaitModifier,
          fromAssignment(node.initializer),
          visitExpression(node.expression),
          ts.visitNode(node.statement, visit) as ts.Statement,
        );
      }
      return ts.visitEachChild(node, visit, context);
    };

    /** `export const [a] = x` is an assignment; its other declarations stay what they are. */
    const visitStatement = (node: ts.Statement): ts.Statement | ts.Statement[] => {
      const isExportedList =
        ts.isVariableStatement(node) &&
        (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) &&
        !(ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) &&
        node.declarationList.declarations.some(({ name }) => !ts.isIdentifier(name));
      if (!isExportedList) {
        return ts.visitNode(node, visit) as ts.Statement;
      }
      return node.declarationList.declarations.map((declaration) => {
        const { name, initializer } = declaration;
        if (ts.isIdentifier(name) || !initializer) {
          const list = factory.updateVariableDeclarationList(node.declarationList, [
            ts.visitNode(declaration, visit) as ts.VariableDeclaration,
          ]);
          return factory.createVariableStatement(ts.getModifiers(node), list);
        }
        const assignment = factory.createAssignment(
          ts.setTextRange(fromBinding(name), name),
          visitExpression(initializer),
        );
        const statement = factory.createExpressionStatement(
          ts.setTextRange(factory.createParenthesizedExpression(assignment), declaration),
        );
        return ts.setTextRange(statement, node);
      });
    };
    return factory.updateSourceFile(
      file,
      file.statements.flatMap((statement) => visitStatement(statement)),
    );
  };
}
