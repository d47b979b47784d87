// Jest gives each test file a copy of every module of its own. What is installed is nobody's subject here, and loading it anew takes most of
// the time of a short test file: with this `runtime` of a project a worker loads it once. So it does with the folders and files of ours
// that `testEnvironmentOptions.onceAWorker` names: modules of pure rules, which keep nothing between two calls. All others of ours are new for each file.
const { sep } = require('node:path');
const { default: JestRuntime } = require('jest-runtime');

const installed = `${sep}node_modules${sep}`;
const ofATest = /\.(?:test|fixture)\.ts$/;
/** What the modules of pure rules export, by their files. */
const loaded = new Map();
const loading = new Set();

module.exports = class OnceAWorker extends JestRuntime {
  requireModule(from, moduleName, options, isRequireActual) {
    const load = () => super.requireModule(from, moduleName, options, isRequireActual);
    if (options?.isInternalModule === true || moduleName === undefined || this._resolver.isCoreModule(moduleName)) return load();
    const path = this._resolveCjsModule(from, moduleName);
    // what an installed module asks for in turn, Node finds
    if (path.includes(installed)) return require(path);
    return this.#isOfRules(path) ? once(path, load) : load();
  }

  #isOfRules(path) {
    const named = this._config.testEnvironmentOptions.onceAWorker ?? [];
    return !ofATest.test(path) && named.some((each) => `${path}${sep}`.startsWith(`${this._config.rootDir}${sep}${each}${sep}`));
  }

  /** Modules of ours run where the installed ones do, so that an array of theirs is an `Array` here. */
  createScriptFromCode(source, filename) {
    const script = super.createScriptFromCode(source, filename);
    return { runInContext: (_context, options) => script.runInThisContext(options) };
  }
};

/** A module that is asked for while it is loaded, by one that it has asked for, is not whole: what it exports then is nobody else's. */
function once(path, load) {
  if (loaded.has(path)) return loaded.get(path);
  if (loading.has(path)) return load();
  loading.add(path);
  try {
    const exported = load();
    loaded.set(path, exported);
    return exported;
  } finally {
    loading.delete(path);
  }
}
