// jest 29 loads only CommonJS. Packages that are ES modules, and CommonJS packages that call import(),
// are turned into plain CommonJS here; every other file is passed through unchanged.
const { existsSync, readFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { dirname, join } = require('node:path');
const { transformSync, version } = require('esbuild');

const types = new Map();
function packageType(dir) {
  let t = types.get(dir);
  if (t === undefined) {
    const p = join(dir, 'package.json');
    if (existsSync(p)) t = JSON.parse(readFileSync(p, 'utf8')).type ?? 'commonjs';
    else t = dirname(dir) === dir ? 'commonjs' : packageType(dirname(dir));
    types.set(dir, t);
  }
  return t;
}
const needed = (src, file) => file.endsWith('.mjs') || packageType(dirname(file)) === 'module' || /\bimport\(/.test(src);

module.exports = {
  getCacheKey: (src, file) =>
    createHash('sha1')
      .update(`2 ${version} ${needed(src, file)} ${file}`)
      .update(src)
      .digest('hex'),
  process(src, file) {
    if (!needed(src, file)) return { code: src };
    const { code } = transformSync(src, {
      format: 'cjs',
      platform: 'node',
      target: 'node24',
      sourcefile: file,
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': '__importMetaUrl' },
      banner: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
    });
    return { code };
  },
};
