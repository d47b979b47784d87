/**
 * Resolves with the reason when somebody wants the command to end: Ctrl-C, SIGTERM, or, if asked for, the end of standard
 * input (the parent process is gone). A second signal ends at once; chaincode processes end with this one.
 */
export function untilAskedToStop(endsWithStandardInput: boolean): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        process.stdin.destroy(); // a parent that keeps it open must not keep this process
        resolve(signal);
      });
    }
    if (!endsWithStandardInput) return;
    const end = (): void => {
      asked = true;
      resolve('the parent process ended');
    };
    process.stdin.on('end', end).on('close', end).on('error', end).resume();
  });
}
