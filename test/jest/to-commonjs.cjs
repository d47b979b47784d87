// jest 29 loads only CommonJS. Ours is TypeScript, and an ES module of a package that is loaded by itself is turned into CommonJS here, too;
// every other file is passed through unchanged.
const { createHash } = require('node:crypto');
const { transformSync, version } = require('esbuild');

const options = (file) => ({
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  loader: file.endsWith('.ts') ? 'ts' : 'js',
  sourcefile: file,
  sourcemap: 'inline',
  sourcesContent: false,
  supported: { 'dynamic-import': false },
});

module.exports = {
  getCacheKey: (source, file) => createHash('sha1').update(`3 ${version} ${file}`).update(source).digest('hex'),
  process(source, file) {
    return file.endsWith('.ts') || file.endsWith('.mjs') ? transformSync(source, options(file)) : { code: source };
  },
};
