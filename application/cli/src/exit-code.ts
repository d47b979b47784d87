/** Exit codes are API: scripts branch on them. */
export const exitCode = {
  ok: 0,
  /** Failed, or something needed could not be reached. */
  failure: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The ledger or the member node refused: a code, no trace of a decision. */
  refused: 3,
  /** The ledger decided no, and committed the denial. */
  denied: 4,
  /** Sent, and it is not known whether it was committed: ask, do not resend blindly. */
  unknown: 5,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
