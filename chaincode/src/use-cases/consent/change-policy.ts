import {
  assertKeepsProhibition,
  type EventName,
  type Grant,
  type Grantee,
  type Input,
  type MspId,
  type Output,
  powersOf,
  type transactions,
} from '@lianyi/domain';
import { amendGrant, assertKnownGrantee, assertOwnCeremony, isDenying, newGrant, revokeGrant, withGrantee } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asPatientSide } from '../standing';
import { type GrantKey, keyOfGrant } from './grant-key';
import { replaceGrant } from './replace-grant';

type GrantPolicy = typeof transactions.GrantPolicy;
type AmendPolicy = typeof transactions.AmendPolicy;
type RevokePolicy = typeof transactions.RevokePolicy;

/** The patient lets a grantee read, or forbids it, under up to 16 provisions. */
export async function GrantPolicy(scope: WriteScope, input: Input<GrantPolicy>): Promise<Output<GrantPolicy>> {
  const { kind } = asPatientSide(scope.actor, input.pseudonym);
  assertOwnCeremony(input.evidence, kind === 'assisted');
  const { grants, pseudonyms } = scope.ledger;
  await assertGranteeExists(scope, input.grantee);
  const [previous, entry] = await Promise.all([grants.find(...keyOfGrant(input)), pseudonyms.get(input.pseudonym)]);
  const grant = newGrant(input, previous, scope.now, originOf(scope));
  if (previous === undefined) {
    await Promise.all([grants.insert(grant), pseudonyms.replace(withGrantee(entry, grant.provisions, kind === 'patient'))]);
  } else {
    await replaceGrant(scope.ledger, previous, grant);
  }
  return answerOf(scope, grant, 'PolicyGranted');
}

/** The patient replaces the provisions; tickets that rest on the version before open nothing any more. */
export async function AmendPolicy(scope: WriteScope, input: Input<AmendPolicy>): Promise<Output<AmendPolicy>> {
  assertOwnCeremony(input.evidence, scope.actor.kind === 'assisted');
  return change(scope, input, 'PolicyAmended', (grant) => amendGrant(grant, input.previousVersion, input, scope.now));
}

/** The patient takes the policy back; nothing rests on it from then on. */
export async function RevokePolicy(scope: WriteScope, input: Input<RevokePolicy>): Promise<Output<RevokePolicy>> {
  return change(scope, input, 'PolicyRevoked', (grant) => revokeGrant(grant, input.previousVersion, scope.now));
}

/** Reads by key what the grantee names. An amendment asks nothing: who exists once stays on the ledger. */
async function assertGranteeExists({ ledger }: WriteScope, grantee: Grantee): Promise<void> {
  const { mspId } = grantee;
  const [organisation, named] = await Promise.all([ledger.organisations.find(mspId), namedBy(ledger, grantee)]);
  assertKnownGrantee(grantee, { organisation, named });
}

/** The entry that a grantee of the kind has; what a role or an organisation names needs none. */
function namedBy(ledger: WriteScope['ledger'], { kind, mspId, name }: Grantee): Promise<{ readonly mspId: MspId } | undefined> {
  switch (kind) {
    case 'person':
      return ledger.staff.find(mspId, name);
    case 'department':
      return ledger.departments.find(mspId, name);
    case 'group':
      return ledger.groups.find(mspId, name);
    case 'role':
    case 'organisation':
      return Promise.resolve(undefined);
  }
}

type PolicyEvent = Extract<EventName, 'PolicyGranted' | 'PolicyAmended' | 'PolicyRevoked'>;

async function change(scope: WriteScope, key: GrantKey, name: PolicyEvent, rule: (grant: Grant) => Grant): Promise<Output<AmendPolicy>> {
  const actor = asPatientSide(scope.actor, key.pseudonym);
  const present = await scope.ledger.grants.get(...keyOfGrant(key));
  const powers = powersOf(actor);
  if (powers !== undefined) assertKeepsProhibition(powers, isDenying(present));
  const grant = rule(present);
  await replaceGrant(scope.ledger, present, grant);
  return answerOf(scope, grant, name);
}

function answerOf(scope: WriteScope, { pseudonym, grantee, version, state }: Grant, name: PolicyEvent): Output<GrantPolicy> {
  const event = { name, pseudonym, granteeKind: grantee.kind, granteeMspId: grantee.mspId, granteeName: grantee.name, version };
  recordEvent(scope, event, { grantee, policyVersion: version });
  return { pseudonym, grantee, version, state };
}
