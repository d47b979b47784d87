/** A status by which a document says that something was not so, or was not done. */
export function isDenyingStatus(status: string): boolean {
  return /\b(?:refuted|cancelled|not-done|not-taken|declined|entered-in-error)\b/.test(status);
}
