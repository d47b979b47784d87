// The modules that are the same whatever is changed in some files: those that import none of them, nor what imports them in turn.
const { globSync } = require('node:fs');
const { buildSync } = require('esbuild');

const ofATest = /\.(?:test|fixture)\.ts$/;

/** What each module of the rules imports once types are gone. */
function importsOfRules(root) {
  const options = {
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    outdir: 'build',
    logLevel: 'error',
  };
  const entryPoints = globSync('domain/src/**/*.ts', { cwd: root });
  const { inputs } = buildSync({ ...options, entryPoints, absWorkingDir: root, conditions: ['lianyi-source'] }).metafile;
  return Object.entries(inputs).map(([file, { imports }]) => ({ file, imported: imports.map(({ path }) => path) }));
}

/** @returns the sources that a mutant of these files cannot change, which a worker need read only once */
exports.untouchedBy = (root, files) => {
  const modules = importsOfRules(root);
  const touched = new Set(files);
  let before;
  do {
    before = touched.size;
    for (const { file, imported } of modules) if (imported.some((path) => touched.has(path))) touched.add(file);
  } while (touched.size > before);
  return modules.map(({ file }) => file).filter((file) => !touched.has(file) && !ofATest.test(file));
};
