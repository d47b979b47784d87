import { type Grantee } from '../../consent/entities';
import { type AccessFacts, type AskingActor, type FactsQuestion, type GrantFacts } from '../question';
import { type FactKey } from './policy-source';

/** The grantees an actor may be covered by: a decision reads the grants of these and no others. */
export function granteesOf(actor: AskingActor): readonly Grantee[] {
  const { mspId } = actor;
  const ofRoles = [...actor.roles].sort().map((name): Grantee => ({ kind: 'role', mspId, name }));
  return [
    { kind: 'person', mspId, name: actor.actorTag },
    { kind: 'department', mspId, name: actor.department },
    ...ofRoles,
    { kind: 'organisation', mspId, name: 'all' },
  ];
}

/** The keys of all grants that could be for the actor. */
export function grantKeysOf({ actor }: FactsQuestion): readonly FactKey[] {
  return granteesOf(actor).map((grantee) => ({ kind: 'grant', grantee }));
}

/** The grants that are for the actor, revoked ones included. */
export function grantsFor(actor: AskingActor, facts: AccessFacts): readonly GrantFacts[] {
  const own = granteesOf(actor);
  return facts.grants.filter(({ grantee }) =>
    own.some(({ kind, mspId, name }) => kind === grantee.kind && mspId === grantee.mspId && name === grantee.name),
  );
}

/** The grants that are for the actor and in force. */
export function activeGrantsFor(actor: AskingActor, facts: AccessFacts): readonly GrantFacts[] {
  return grantsFor(actor, facts).filter(({ state }) => state === 'active');
}
