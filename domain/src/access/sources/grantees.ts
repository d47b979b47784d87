import { type Grantee } from '../../consent/entities';
import { onDutyUntil } from '../../directory/weekly-duty';
import { type Department, type Group } from '../../ids';
import { type Instant } from '../../instant';
import { type AccessFacts, type AskingActor, type FactsQuestion, type GrantFacts } from '../question';
import { type FactKey } from './policy-source';

/**
 * The grantees by which an actor may be permitted: in the department they act for, not in another of theirs; and in every group that they belong
 * to, whether on duty or not: when they are, {@link dutyAs} says.
 */
export function granteesOf(actor: AskingActor): readonly Grantee[] {
  const belongsTo = (actor.groups ?? []).filter(({ state }) => state === 'active');
  return [...granteesIn(actor, [actor.department]), ...groupsAsGrantees(actor, belongsTo)];
}

/** As what somebody is permitted, at an instant: on duty, until when if that ends, or not. */
export type Duty = { readonly isOn: boolean; readonly until?: Instant };

/** Whether an actor is on duty as a grantee: as a member of a group only in their turns there, and always as anything else. */
export function dutyAs({ kind, name }: Grantee, actor: AskingActor, at: Instant): Duty {
  return kind === 'group' ? dutyIn(name, actor, at) : { isOn: true };
}

/** Whether an actor belongs to a group and is on duty there. */
export function dutyIn(group: Group, { groups = [] }: AskingActor, at: Instant): Duty {
  const membership = groups.find((each) => each.group === group && each.state === 'active');
  if (membership === undefined) return { isOn: false };
  if (membership.duty === undefined) return { isOn: true };
  const until = onDutyUntil(membership.duty, at);
  return until === undefined ? { isOn: false } : { isOn: true, until };
}

/**
 * The grantees by which an actor may be denied: a prohibition is for the person, whichever of their departments they name when asking.
 * In each group they belong or have belonged to, on duty or not: the hospital alone says who has left. A staff entry has up to 16 departments,
 * 8 roles and 32 groups, so these are 58 at most.
 */
export function deniableGranteesOf(actor: AskingActor): readonly Grantee[] {
  const departments = [...new Set([actor.department, ...actor.departments])].sort();
  return [...granteesIn(actor, departments), ...groupsAsGrantees(actor, actor.groups ?? [])];
}

function groupsAsGrantees({ mspId }: AskingActor, groups: readonly { readonly group: Group }[]): readonly Grantee[] {
  return groups.map(({ group }): Grantee => ({ kind: 'group', mspId, name: group }));
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
