/** Why a profile could not be used; the command line prints the code's meaning and remedy. */
export type ProfileProblemCode = 'PROFILE_NOT_FOUND' | 'PROFILE_INVALID' | 'PROFILE_EXISTS';

export class ProfileProblem extends Error {
  override readonly name = 'ProfileProblem';

  constructor(
    readonly code: ProfileProblemCode,
    readonly details: { readonly file: string; readonly issues?: readonly string[] },
    options?: ErrorOptions,
  ) {
    super(`${code}: ${details.file}${details.issues === undefined ? '' : ` (${details.issues.join('; ')})`}`, options);
  }
}
