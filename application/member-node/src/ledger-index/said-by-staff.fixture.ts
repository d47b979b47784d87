import { type Instant, instantOf, sha256 } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, person, type Person, signedBy } from './member-chain.fixture';
import { MINUTE, type PatientChain, pseudonym, usePatientChain } from './patient-chain.fixture';
import { auditLine } from './recovery-world.fixture';

export const registrarB = person('BMSP', 'registrar-b', ['registrar']);
export const registrarC = person('CMSP', 'registrar-c', ['registrar']);
export const colleagueA = person('AMSP', 'registrar-2', ['registrar']);
export const evidence = sha256('what was found');
/** The chaincode believes them: their hospital has held their registration back, so that no index does. */
export const unheardOf = person('CMSP', 'registrar-unheard-of', ['registrar']);

export async function registerUnheardOf(chain: PatientChain): Promise<void> {
  const call = hired(unheardOf);
  chain.now += 6 * MINUTE;
  await chain.add({ ...call, atMillis: chain.now - 6 * MINUTE });
  expect(chain.names()).toEqual(['staff-without-command']);
  chain.alarms.splice(0);
}

const events: Readonly<Record<string, string>> = {
  DeclareIncapacity: 'IncapacityDeclared',
  ConfirmIncapacity: 'IncapacityConfirmed',
  ProposeDeath: 'DeathProposed',
  ConfirmDeath: 'DeathConfirmed',
};

/** A call as endorsers would have it who keep it from the patient. */
export const untold = (call: Call): Call => ({
  ...call,
  writes: Object.fromEntries(Object.entries(call.writes ?? {}).filter(([key]) => !key.startsWith('\u0000accessEvent'))),
});

/** What staff say of a patient's capacity or death, with the line that the chaincode writes for it, on a chain of each test's own. */
export function useSaidByStaff(): {
  readonly chain: () => PatientChain;
  readonly now: () => Instant;
  readonly later: (minutes?: number) => void;
  readonly byStaff: (by: Person, transaction: Call['transaction'], writes: Record<string, string>) => Call;
} {
  const chain = usePatientChain();
  return {
    chain: (): PatientChain => chain(),
    now: () => instantOf(chain().now),
    later: (minutes = 6): void => {
      chain().now += minutes * MINUTE;
    },
    byStaff: (by: Person, transaction: Call['transaction'], writes: Record<string, string>): Call => {
      const event = events[transaction.name];
      const line = event === undefined ? {} : auditLine(event, chain().now);
      return signedBy(by, transaction, { pseudonym, evidence }, { ...line, ...writes }, chain().now);
    },
  };
}
