// The realm of a worker itself as jest's `testEnvironment`, to go with once-a-worker.cjs. What a test file leaves in the process is taken back.
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

module.exports = class WorkerRealm {
  global = globalThis;
  /** Jest's older form; unused. */
  fakeTimers = null;
  moduleMocker = new ModuleMocker(globalThis);
  #before = { env: { ...process.env }, cwd: process.cwd(), umask: process.umask() };
  #conditions;

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    this.#conditions = projectConfig.testEnvironmentOptions.customExportConditions;
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    const { env, cwd, umask } = this.#before;
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    process.chdir(cwd);
    process.umask(umask);
  }

  exportConditions() {
    return this.#conditions;
  }

  /** Jest runs nothing without one. */
  getVmContext() {
    return this.global;
  }
};
