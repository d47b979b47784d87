/** The shortest of several runs, in milliseconds: what the machine does besides only adds. */
export function shortestOf(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return Math.min(...times);
}
