import { type HelpText } from './language';

/**
 * Resolves with the reason when somebody wants the command to end: Ctrl-C, SIGTERM, or, if asked for, the end of standard
 * input (the parent process is gone). A second signal ends at once; chaincode processes end with this one.
 */
export function untilAskedToStop(endsWithStandardInput: boolean): Promise<HelpText> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        process.stdin.destroy(); // a parent that keeps it open must not keep this process
        resolve({ en: signal, zh: signal });
      });
    }
    if (!endsWithStandardInput) return;
    const end = (): void => {
      asked = true;
      resolve({ en: 'the parent process ended', zh: '父进程已结束' });
    };
    process.stdin.on('end', end).on('close', end).on('error', end).resume();
  });
}
