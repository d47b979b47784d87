// The score by file and in all, as a table of 80 columns.
const { relative } = require('node:path');
const { root } = require('./options.cjs');

const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

exports.hasSurvived = ({ status }) => UNNOTICED.includes(status);

function counted(mutants) {
  const of = (statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const [killed, survived] = [of(NOTICED), of(UNNOTICED)];
  return { killed, survived, void: mutants.length - killed - survived, score: (100 * killed) / (killed + survived) };
}

/** The least score of a set of mutants, in per cent. */
exports.scoreOf = (mutants) => counted(mutants).score;

const row = (name, ...columns) => name.padEnd(44) + columns.map((column) => String(column).padStart(9)).join('');

function rowOf(name, mutants) {
  const { killed, survived, void: without, score } = counted(mutants);
  return row(name, killed, survived, without, Number.isNaN(score) ? '-' : `${score.toFixed(1)} %`);
}

/** The mutants of each file, by its path. */
const byFile = (mutants) =>
  [...Map.groupBy(mutants, ({ fileName }) => relative(root, fileName))].sort(([one], [other]) => (one < other ? -1 : 1));
exports.byFile = byFile;

/** @param results - of each subject its mutants @returns the lines of the table */
exports.tableOf = (results) => {
  const lines = [row('', 'noticed', 'survived', 'void', 'score')];
  for (const [subject, mutants] of results) {
    for (const [file, of] of byFile(mutants)) lines.push(rowOf(file, of));
    lines.push(rowOf(`  ${subject}, all`, mutants), '');
  }
  lines.push(rowOf('all', [...results.values()].flat()));
  return lines;
};
