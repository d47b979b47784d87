import {
  confirmDeath,
  type Death,
  disputeDeath,
  type DomainEvent,
  type Input,
  type Output,
  proposeDeath,
  referenceTo,
  revokeDeath,
  type transactions,
  withDeath,
} from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { assertOfHospital, ownActivePseudonym } from '../standing';
import { closeCasesOfDead } from '../recovery/open-case';

type Propose = typeof transactions.ProposeDeath;
type Confirm = typeof transactions.ConfirmDeath;
type Dispute = typeof transactions.DisputeDeath;
type Revoke = typeof transactions.RevokeDeath;
type Get = typeof transactions.GetDeath;

/** A registrar of the patient's hospital says that the patient has died; nothing follows yet. */
export async function ProposeDeath(scope: WriteScope, { pseudonym, evidence }: Input<Propose>): Promise<Output<Propose>> {
  const [before] = await Promise.all([scope.ledger.deaths.find(pseudonym), ownActivePseudonym(scope, pseudonym)]);
  const proposed = proposeDeath(before, pseudonym, evidence, scope.now, originOf(scope));
  await scope.ledger.deaths.put(proposed);
  recordEvent(scope, { name: 'DeathProposed', pseudonym });
  return { pseudonym, state: proposed.state };
}

/** A registrar of another hospital records it. */
export async function ConfirmDeath(scope: WriteScope, { pseudonym, evidence }: Input<Confirm>): Promise<Output<Confirm>> {
  await assertOfHospital(scope);
  const death = await scope.ledger.deaths.get(pseudonym);
  const kept = await keep(scope, confirmDeath(death, referenceTo(scope.actor), evidence, scope.now), 'DeathConfirmed');
  await closeCasesOfDead(scope, pseudonym);
  return kept;
}

/** Another registrar of the patient's hospital says that it is wrong; nothing follows yet. */
export async function DisputeDeath(scope: WriteScope, { pseudonym, evidence }: Input<Dispute>): Promise<Output<Dispute>> {
  const [death] = await Promise.all([scope.ledger.deaths.get(pseudonym), ownActivePseudonym(scope, pseudonym)]);
  const disputed = disputeDeath(death, referenceTo(scope.actor), evidence, scope.now);
  await scope.ledger.deaths.replace(disputed);
  recordEvent(scope, { name: 'DeathDisputed', pseudonym });
  return { pseudonym, state: disputed.state };
}

/** A registrar of another hospital takes it back. */
export async function RevokeDeath(scope: WriteScope, { pseudonym, evidence }: Input<Revoke>): Promise<Output<Revoke>> {
  await assertOfHospital(scope);
  const death = await scope.ledger.deaths.get(pseudonym);
  return keep(scope, revokeDeath(death, referenceTo(scope.actor), evidence, scope.now), 'DeathRevoked');
}

/** What was said of a patient's death. */
export function GetDeath(scope: ReadScope, { pseudonym }: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.deaths.get(pseudonym);
}

/** The death, and in the pseudonym's entry whether anybody commands. */
async function keep(
  scope: WriteScope,
  death: Death,
  name: Extract<DomainEvent['name'], 'DeathConfirmed' | 'DeathRevoked'>,
): Promise<Output<Confirm>> {
  const { pseudonym, state } = death;
  await scope.ledger.deaths.replace(death);
  await scope.ledger.pseudonyms.replace(withDeath(await scope.ledger.pseudonyms.get(pseudonym), death));
  recordEvent(scope, { name, pseudonym });
  return { pseudonym, state };
}
