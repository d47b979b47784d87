import { type ActorReference } from './actor';
import { DomainError } from './domain-error';
import { canonicalJson } from './encoding/canonical-json';

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

/** So many of one hospital say a thing at most: the entry names them all, and each writes it once more. */
export const MOST_SAYING_SO_OF_ONE = 3;

/** Who has said a thing first; and who, in their order, has said it once more: a hospital that believes the first of them nothing believes them. */
type Sayers = { readonly first?: ActorReference | undefined; readonly again?: readonly ActorReference[] | undefined };

export function isSameActor(one: ActorReference | undefined, other: ActorReference): boolean {
  return one !== undefined && canonicalJson(one) === canonicalJson(other);
}

/**
 * Who has said a thing, with somebody who says it now. Nobody is heard a second time, nor more than a few of one hospital; another one is.
 * Without the bound two of one hospital would write the entry before each word of the patient's that has to read it.
 * @param details - of the refusal: the state, and the command
 * @throws {@link DomainError} `ILLEGAL_STATE`
 */
export function saidOnceMore(
  { first, again = [] }: Sayers,
  by: ActorReference,
  details: { readonly state: string; readonly command: string },
): { readonly first: ActorReference; readonly again: readonly ActorReference[] } {
  if (first === undefined) return { first: by, again };
  const others = [first, ...again];
  if (others.some((each) => isSameActor(each, by))) throw new DomainError('ILLEGAL_STATE', 'the same person has said so', details);
  const ofTheirs = others.filter((each) => each.kind === 'staff' && by.kind === 'staff' && each.mspId === by.mspId);
  if (ofTheirs.length >= MOST_SAYING_SO_OF_ONE) throw new DomainError('ILLEGAL_STATE', 'enough of their hospital have said so', details);
  return { first, again: [...again, by] };
}

/** {@link saidOnceMore} of what is confirmed. */
export function confirmedOnceMore(
  { confirmedBy, confirmedAgainBy }: { readonly confirmedBy?: ActorReference; readonly confirmedAgainBy?: readonly ActorReference[] },
  by: ActorReference,
  details: { readonly state: string; readonly command: string },
): { confirmedBy: ActorReference; confirmedAgainBy?: ActorReference[] } {
  const { first, again } = saidOnceMore({ first: confirmedBy, again: confirmedAgainBy }, by, details);
  return { confirmedBy: first, ...(again.length === 0 ? {} : { confirmedAgainBy: [...again] }) };
}
