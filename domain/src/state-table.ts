import { DomainError } from './domain-error';

/** Which command leads from which state to which; what is absent is illegal. */
export type StateTable<State extends string, Command extends string> = {
  readonly [From in State]: Partial<Readonly<Record<Command, State>>>;
};

/**
 * The state a command leads to.
 * @throws {@link DomainError} `ILLEGAL_STATE` — the table knows no such step; details name state and command.
 */
export function nextState<State extends string, Command extends string>(
  table: StateTable<State, Command>,
  from: State,
  command: Command,
): State {
  const steps: Partial<Readonly<Record<Command, State>>> = table[from];
  const to = Object.hasOwn(steps, command) ? steps[command] : undefined;
  if (to === undefined) throw new DomainError('ILLEGAL_STATE', undefined, { state: from, command });
  return to;
}

/**
 * Checks that a change was made in sight of the present version.
 * @throws {@link DomainError} `VERSION_CONFLICT`
 */
export function assertVersion(present: number, claimed: number): void {
  if (present !== claimed) throw new DomainError('VERSION_CONFLICT', undefined, { present, claimed });
}
