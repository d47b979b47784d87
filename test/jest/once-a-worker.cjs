// Jest gives each test file a copy of every module of its own. What is installed is nobody's subject here, and loading it anew takes most of
// the time of a short test file: with this `runtime` of a project a worker loads it once. Our own modules are still new for each file.
const { sep } = require('node:path');
const { default: JestRuntime } = require('jest-runtime');

const installed = `${sep}node_modules${sep}`;

module.exports = class OnceAWorker extends JestRuntime {
  requireModule(from, moduleName, options, isRequireActual) {
    const path = options?.isInternalModule === true ? undefined : this.#installedPath(from, moduleName);
    return path === undefined ? super.requireModule(from, moduleName, options, isRequireActual) : require(path);
  }

  /** Where an installed module is that a module of ours asks for; what it asks for in turn, Node finds. */
  #installedPath(from, moduleName) {
    if (moduleName === undefined || this._resolver.isCoreModule(moduleName)) return undefined;
    const path = this._resolveCjsModule(from, moduleName);
    return path.includes(installed) ? path : undefined;
  }

  /** Modules of ours run where the installed ones do, so that an array of theirs is an `Array` here. */
  createScriptFromCode(source, filename) {
    const script = super.createScriptFromCode(source, filename);
    return { runInContext: (_context, options) => script.runInThisContext(options) };
  }
};
