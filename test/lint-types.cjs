// `npm run lint:types`: what TypeScript and ESLint say of the sources and tests. Both ask one program, so that its types are worked out once.
const { ESLint } = require('eslint');
const ts = require('typescript');

const config = 'tsconfig.lint.json';

/** @throws {Error} the configuration cannot be read */
function programOfSources() {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => throwing(diagnostic) };
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(config, {}, host);
  errors.forEach(throwing);
  return ts.createProgram(fileNames, options);
}

function throwing({ messageText }) {
  throw new Error(`${config}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}

/** @returns how many errors TypeScript found, which are printed */
function checkTypes(program) {
  const diagnostics = ts.getPreEmitDiagnostics(program);
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: ts.sys.getCurrentDirectory, getNewLine: () => '\n' };
  process.stdout.write(ts.formatDiagnosticsWithColorAndContext(diagnostics, host));
  return diagnostics.length;
}

/** @returns how many errors and warnings ESLint found, which are printed */
async function checkRules(program) {
  const typed = { files: ['**/*.ts'], languageOptions: { parserOptions: { project: null, programs: [program] } } };
  const eslint = new ESLint({ overrideConfig: [typed] });
  const results = await eslint.lintFiles(['.']);
  const formatter = await eslint.loadFormatter('stylish');
  process.stdout.write(await formatter.format(results));
  return results.reduce((count, { errorCount, warningCount }) => count + errorCount + warningCount, 0);
}

async function main() {
  const program = programOfSources();
  const found = checkTypes(program) + (await checkRules(program));
  process.exitCode = found === 0 ? 0 : 1;
}

void main();
