import { writeFileSync } from 'node:fs';
import { newRequest, sha256, transactions } from '@lianyi/domain';
import { addPatient } from '@lianyi/workbench';
import { newCardId } from '../../scenario/owned-ids';
import { newId, type Scenario, type StaffMember } from '../../scenario/scenario';

export const SYSTEM = 'national-id';

/** Options that name a number of a patient, which no argument holds. */
export function named(scenario: Scenario, number: string): readonly string[] {
  const file = scenario.consortium.data.file(`number-${newId()}.txt`);
  writeFileSync(file, number, { mode: 0o600 });
  return ['--system', SYSTEM, '--value-file', file];
}

/** Patients of a registrar's hospital whose numbers are guessed, each linked by the registrar's command. @returns the pseudonym of the first */
export async function linkNumbers(scenario: Scenario, { profile, hospital }: StaffMember, numbers: readonly string[]): Promise<string> {
  const { acts, consortium } = scenario;
  let first = '';
  for (const number of numbers) {
    const { pseudonym, nonce, nextKeyHash } = await addPatient(consortium.context, hospital, `numbered-${newId()}`);
    const made = ['--pseudonym', pseudonym, '--nonce', nonce, '--next-key-hash', nextKeyHash];
    await acts.act(profile, 'patient', 'register', ...made);
    await acts.act(profile, 'identifier', 'link', '--pseudonym', pseudonym, ...named(scenario, number));
    first ||= pseudonym;
  }
  return first;
}

/** What nobody may do: a number's bare hash as the commitment of a card of A's. */
export async function plant(scenario: Scenario, pseudonym: string, number: string): Promise<void> {
  const registrar = await scenario.hire(scenario.a, 'registrar');
  const card = newCardId(scenario.a.member.mspId, pseudonym);
  const request = newRequest(transactions.IssueCard, { ...card, pseudonym, holderCommitment: sha256(number) });
  const ledger = await scenario.ledger(scenario.a);
  await ledger.submit({ ...request, proof: await registrar.sign(request.entry, request.input) });
}
