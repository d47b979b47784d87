import { newPrivateKey, publicKeyOf, signCardToken } from '@lianyi/client';
import { addMilliseconds, cardIdSchema, type CardToken, hashOfKey, instantOf, mspIdSchema, transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { newCardId } from '../../scenario/owned-ids';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster, type Roster } from '../../scenario/roster';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { refusedWith } from '../staff';

const CARRIED = 'carried';

/** A patient of A has an active card, and shows its code at A's desk. */
async function shownAtA(scenario: Scenario, staff: Roster): Promise<CardToken> {
  const known = PatientCase.unknown(scenario, staff);
  await known.register();
  const issued = newCardId(known.custodian, known.pseudonym);
  const key = newPrivateKey();
  const input = { ...issued, pseudonym: known.pseudonym, holderCommitment: 'A'.repeat(43) };
  await known.byStaff(staff.registrarA, transactions.IssueCard, input, 'CardIssued');
  const { cardId } = issued;
  await known.command(transactions.ActivateCard, { cardId, tokenKeyHash: hashOfKey(publicKeyOf(key)) }, 'CardActivated');
  const issuedAt = instantOf(Date.now());
  const shown = { channel: scenario.network.channel, genesis: scenario.genesis, msp: mspIdSchema.parse(scenario.a.member.mspId) };
  return signCardToken(key, { ...shown, cardId: cardIdSchema.parse(cardId), issuedAt, notAfter: addMilliseconds(issuedAt, 60_000) });
}

/** B endorses the verification of A's desk, so it reads the code before it is ordered; it keeps its endorsement back and sends the code itself. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r11-3');
  try {
    const staff = await hireRoster(scenario);
    const token = await shownAtA(scenario, staff);
    const verify = async ({ client, sign, hospital }: Roster['registrarA']): Promise<string> => {
      await scenario.catchUp(hospital);
      return (await refusedWith(carry(client, transactions.VerifyCardToken, { token }, { sign }))) ?? CARRIED;
    };
    const seen = { endorser: await verify(staff.registrarB), desk: await verify(staff.registrarA) };
    return { succeeded: seen.desk !== CARRIED, seen: JSON.stringify(seen) };
  } finally {
    await scenario.stop();
  }
}

export const codeOfAnothersDesk: Attack = {
  id: 'R11-3',
  title: 'use up a card’s code that is shown at another hospital’s desk, seen in the proposal that one is asked to endorse',
  defences: [{ file: 'domain/src/registrar/card.ts', name: 'assertShownAt', body: '' }],
  networks: ['embedded'],
  run,
};
