// Compares the mutants that nobody noticed with those of survivors.json, of which it says why nobody can, or need.
const { readFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { root } = require('./options.cjs');

const MOST_CHARACTERS = 120;
const shortened = (text) => text.replace(/\s+/g, ' ').trim().slice(0, MOST_CHARACTERS);

/** What a mutant replaces: from its first character until its last. */
function originalOf(lines, { start, end }) {
  const within = lines.slice(start.line - 1, end.line);
  within[within.length - 1] = within.at(-1).slice(0, end.column - 1);
  within[0] = within[0].slice(start.column - 1);
  return within.join('\n');
}

/** A mutant by what it changes and where, but not at which line: that moves with every edit above it. */
exports.spelled = ({ fileName, location, replacement }) => {
  const lines = readFileSync(fileName, 'utf8').split('\n');
  return {
    file: relative(root, fileName),
    line: shortened(lines[location.start.line - 1]),
    from: shortened(originalOf(lines, location)),
    to: shortened(replacement),
  };
};

const textOf = ({ file, line, from, to }) => JSON.stringify([file, line, from, to]);

/** @returns those that survived and are not explained, and those that are explained and did not survive, of the files that were mutated */
exports.compared = (survived, mutatedFiles) => {
  const groups = JSON.parse(readFileSync(join(__dirname, 'survivors.json'), 'utf8'));
  const explained = groups.flatMap(({ mutants }) => mutants).filter(({ file }) => mutatedFiles.has(file));
  const [known, seen] = [explained, survived].map((mutants) => new Set(mutants.map(textOf)));
  return {
    unexplained: survived.filter((mutant) => !known.has(textOf(mutant))),
    gone: explained.filter((mutant) => !seen.has(textOf(mutant))),
  };
};
