import { type Grantee } from '../../consent/entities';
import { type Department } from '../../ids';
import { type AccessFacts, type AskingActor, type FactsQuestion, type GrantFacts } from '../question';
import { type FactKey } from './policy-source';

/** The grantees by which an actor may be permitted: in the department they act for, not in another of theirs. */
export function granteesOf(actor: AskingActor): readonly Grantee[] {
  return granteesIn(actor, [actor.department]);
}

/**
 * The grantees by which an actor may be denied: a prohibition is for the person, whichever of their departments they name when asking.
 * A staff entry has up to 16 departments and 8 roles, so these are 26 at most.
 */
export function deniableGranteesOf(actor: AskingActor): readonly Grantee[] {
  return granteesIn(actor, [...new Set([actor.department, ...actor.departments])].sort());
}

function granteesIn({ mspId, actorTag, roles }: AskingActor, departments: readonly Department[]): readonly Grantee[] {
  return [
    { kind: 'person', mspId, name: actorTag },
    ...departments.map((name): Grantee => ({ kind: 'department', mspId, name })),
    ...[...roles].sort().map((name): Grantee => ({ kind: 'role', mspId, name })),
    { kind: 'organisation', mspId, name: 'all' },
  ];
}

/** The keys of all grants that could permit the actor. */
export function grantKeysOf({ actor }: FactsQuestion): readonly FactKey[] {
  return granteesOf(actor).map((grantee) => ({ kind: 'grant', grantee }));
}

/** The keys of all grants that could deny the actor. */
export function deniableGrantKeysOf({ actor }: FactsQuestion): readonly FactKey[] {
  return deniableGranteesOf(actor).map((grantee) => ({ kind: 'grant', grantee }));
}

/** The grants of some grantees, revoked ones included. */
export function grantsOf(grantees: readonly Grantee[], facts: AccessFacts): readonly GrantFacts[] {
  return facts.grants.filter(({ grantee }) =>
    grantees.some(({ kind, mspId, name }) => kind === grantee.kind && mspId === grantee.mspId && name === grantee.name),
  );
}

/** Those of some grants that are in force. */
export function active(grants: readonly GrantFacts[]): readonly GrantFacts[] {
  return grants.filter(({ state }) => state === 'active');
}
