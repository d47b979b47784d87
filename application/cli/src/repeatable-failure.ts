/** A command failed that can be repeated without making anything twice, if it is given the same again. */
export class RepeatableFailure extends Error {
  override readonly name = 'RepeatableFailure';

  /**
   * @param cause - what failed
   * @param repeatWith - the options that make the repeated command the same, or the command that goes on, as they are written on a command line; no secrets
   */
  constructor(
    override readonly cause: unknown,
    readonly repeatWith: string,
  ) {
    super('the command can be repeated', { cause });
  }
}
