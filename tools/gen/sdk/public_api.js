// Prints what @hongyan/sdk exports as JSON: the declaration of each name, without comments and private members. Of the types
// that are generated from proto/ only the names. sdk_report.py makes the report of it.
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const FOLDER = join(import.meta.dirname, '../../../web/packages/sdk');
const ENTRY = join(FOLDER, 'src/index.ts');

const { config } = ts.readConfigFile(join(FOLDER, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, FOLDER);
const program = ts.createProgram([ENTRY], {
  ...options,
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
});
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

/** The statements of each source file as its declarations have them: types spelled out, no bodies. */
const declared = new Map();
program.emit(
  undefined,
  (name, text, _, __, [source]) => {
    const tree = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    declared.set(source.fileName, tree);
  },
  undefined,
  true,
);

/** The names a statement declares. */
function namesOf(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map((d) => d.name.getText());
  return statement.name === undefined ? [] : [statement.name.getText()];
}

function isPrivate(member) {
  const flags = ts.getCombinedModifierFlags(member);
  return (
    (flags & ts.ModifierFlags.Private) !== 0 ||
    (member.name !== undefined && ts.isPrivateIdentifier(member.name))
  );
}

function print(statement, tree) {
  const open = ts.isClassDeclaration(statement)
    ? ts.factory.updateClassDeclaration(
        statement,
        statement.modifiers,
        statement.name,
        statement.typeParameters,
        statement.heritageClauses,
        statement.members.filter((member) => !isPrivate(member)),
      )
    : statement;
  return printer.printNode(ts.EmitHint.Unspecified, open, tree).replace(/^export (declare )?/, '');
}

const result = { declarations: [], generated: [] };
for (const exported of checker.getExportsOfModule(
  checker.getSymbolAtLocation(program.getSourceFile(ENTRY)),
)) {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const file = symbol.declarations[0].getSourceFile().fileName;
  if (dirname(file).endsWith('/generated')) {
    result.generated.push(exported.name);
    continue;
  }
  const tree = declared.get(file);
  const statements = tree.statements.filter((statement) => namesOf(statement).includes(symbol.name));
  if (statements.length === 0)
    throw new Error(`${exported.name}: no declaration in ${relative(FOLDER, file)}`);
  const text = statements.map((statement) => print(statement, tree)).join('\n');
  result.declarations.push({ name: exported.name, as: symbol.name, text });
}
process.stdout.write(JSON.stringify(result));
