// `npm run test:mutation`: changes the rules in every small way there is, one after another, and counts the changes that their unit tests notice.
// It fails if fewer than 95 % of a subject's or of a file's are noticed, and if what is not noticed is not what survivors.json explains.
// With names of subjects.cjs, or files of them, it mutates those alone. It installs for itself what it needs besides the checkout.
const { spawnSync } = require('node:child_process');
const { existsSync, globSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { optionsFor, root } = require('./options.cjs');
const { byFile, hasSurvived, scoreOf, tableOf } = require('./score.cjs');
const subjects = require('./subjects.cjs');
const { compared, spelled } = require('./survivors.cjs');

const LEAST_SCORE = 95;
const CONCURRENCY = 2;

/** Stryker, by the lock file beside this one: no `npm ci` of the checkout waits for it. */
function install() {
  const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => join(__dirname, file));
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  const { status } = spawnSync('npm', ['ci'], { cwd: __dirname, stdio: 'inherit' });
  if (status !== 0) throw new Error('npm ci in test/mutation failed');
}

/** What is asked for: of each subject the files that are named, or all of them. */
function chosen(names) {
  const all = Object.entries(subjects).map(([subject, { sources, tests }]) => ({
    subject,
    sources: globSync(sources, { cwd: root }),
    tests,
  }));
  const isNamed = (subject) => (file) => names.length === 0 || names.includes(subject) || names.includes(file);
  const of = all.map(({ subject, sources, tests }) => ({ subject, tests, sources: sources.filter(isNamed(subject)) }));
  const unknown = names.filter((name) => !all.some(({ subject, sources }) => subject === name || sources.includes(name)));
  if (unknown.length > 0) throw new Error(`not mutated: ${unknown.join(', ')}; there are ${Object.keys(subjects).join(', ')}`);
  return of.filter(({ sources }) => sources.length > 0);
}

async function mutate(asked) {
  const { Stryker } = await import('@stryker-mutator/core');
  const results = new Map();
  for (const subject of asked) {
    process.stdout.write(`${subject.subject}: ${subject.sources.length} files\n`);
    results.set(subject.subject, await new Stryker(optionsFor(subject, CONCURRENCY)).runMutationTest());
  }
  return results;
}

function tell(title, mutants) {
  if (mutants.length === 0) return;
  process.stdout.write(`\n${title}\n`);
  for (const { file, line, from, to } of mutants) process.stdout.write(`${JSON.stringify({ file, line, from, to }, undefined, 2)},\n`);
}

/** @returns whether all is as it should be */
function judge(results) {
  process.stdout.write(`\n${tableOf(results).join('\n')}\n`);
  const mutants = [...results.values()].flat();
  const survived = mutants.filter(hasSurvived).map(spelled);
  const { unexplained, gone } = compared(survived, new Set(mutants.map((mutant) => spelled(mutant).file)));
  tell('Nobody notices, and survivors.json does not say why:', unexplained);
  tell('Explained in survivors.json, and noticed or gone:', gone);
  const scored = [...results].flatMap(([subject, of]) => [[subject, of], ...byFile(of)]);
  const low = scored.filter(([, of]) => scoreOf(of) < LEAST_SCORE).map(([name]) => name);
  if (low.length > 0) process.stdout.write(`\nbelow ${LEAST_SCORE} %: ${low.join(', ')}\n`);
  return unexplained.length + gone.length + low.length === 0;
}

async function main(names) {
  process.chdir(root);
  install();
  process.exitCode = judge(await mutate(chosen(names))) ? 0 : 1;
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
