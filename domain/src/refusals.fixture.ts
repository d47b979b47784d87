import { DomainError, type ErrorCode } from './index';

/** Expects a refusal with this code, and with these details where they are given. */
export function expectRefusal(code: ErrorCode, run: () => unknown, details?: object): void {
  const refusal = refusalOf(run);
  expect(refusal?.code).toBe(code);
  if (details !== undefined) expect(refusal?.details).toEqual(details);
}

/** The refusal of a call; undefined when it went through. Anything else that is thrown is a fault of the program. */
function refusalOf(run: () => unknown): DomainError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
