import { DomainError } from '@lianyi/domain';

/** With which code something refuses; undefined where it does not. */
export function codeThrownBy(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}
