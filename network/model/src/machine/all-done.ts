/**
 * Waits for all, then throws what went wrong first. Promise.all would return while the others still write into a folder
 * that the caller is about to remove.
 */
export async function allDone(work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  // what was thrown is passed on as it is
  if (failed) throw failed.reason;
}
