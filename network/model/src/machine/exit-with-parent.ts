/**
 * Preloaded (`node --require`) into every chaincode process: kills it when its standard input closes, that is, when the
 * network process is gone, even by SIGKILL and even while the chaincode's own thread is busy.
 *
 * No imports: the file must load both compiled and, under a test runner, as TypeScript with its types stripped.
 */
declare const require: (id: 'node:worker_threads') => {
  readonly isMainThread: boolean;
  readonly Worker: new (code: string, options: { eval: true; execArgv: string[]; stdin: boolean }) => { unref(): void };
};

{
  const { isMainThread, Worker } = require('node:worker_threads');
  if (isMainThread) {
    const watch = `
      const input = new (require('node:net').Socket)({ fd: 0, readable: true, writable: false });
      const leave = () => process.kill(process.pid, 'SIGKILL');
      input.on('end', leave).on('close', leave).on('error', leave).resume();
    `;
    // execArgv empty: the worker must not preload this file again
    new Worker(watch, { eval: true, execArgv: [], stdin: false }).unref();
  }
}
