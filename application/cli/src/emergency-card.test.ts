import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
const path = (name: string): string => join(hospital.dataDir, name);
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  writeFileSync(path('happened.json'), JSON.stringify({ text: 'found unconscious at the station' }));
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const emergency = (...more: readonly string[]): Promise<Run> => {
  const asked = ['--reason', 'cannot-consent', '--narrative-file', path('happened.json')];
  const who = ['--as', 'clinician', '--data-dir', hospital.dataDir];
  return run(['access', 'emergency', ...asked, ...more, ...who], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
};
const inputs = (name: string): readonly Readonly<Record<string, unknown>>[] =>
  hospital.carried.filter((each) => each.name === name).map(({ argument }) => argument.input as Readonly<Record<string, unknown>>);

/** What the ledger answers: as many summaries as it says that the card leads to, of which the last ones need a second person. */
function answersOf(summaries: number, withSecond = 0): void {
  hospital.answer = (name) => {
    const { ticketId } = hospital.carried[0]?.argument.input as { ticketId: string }; // the CLI's own request
    const until = '2030-01-01T00:00:00.000Z';
    const items = Array.from({ length: summaries }, (_, each) => ({
      ...{ pseudonym: 'psn-1', recordId: `rec-${each}`, version: 1, class: 'patient-summary', dataLevel: 3, confidentiality: 'N' },
      ...{ custodianMspId: 'HospitalAMSP', authorMspId: 'HospitalAMSP', anchoredAt: until },
      changedAt: `2026-03-01T00:00:${String(each).padStart(2, '0')}.000Z`,
      ...(each < summaries - withSecond ? {} : { needsSecondPerson: true }),
    }));
    if (name === 'ListForEmergency') return Promise.resolve({ result: { items } });
    const answers: Readonly<Record<string, object>> = {
      ShowCardInEmergency: { ticketId, until },
      BreakGlass: { decision: 'permit', ticketId, state: 'open', reasons: [], provisionIds: ['emergency'], expiresAt: until },
      PutEmergencyNarrative: { ticketId },
    };
    return Promise.resolve({ result: answers[name], transactionId: 'ab12', blockNumber: 7n });
  };
}

describe('the card of an unconscious patient on the command line', () => {
  it('is all that is typed: it is shown, and what it leads to is asked for under the same id', async () => {
    answersOf(1);
    const { code, stdout } = await emergency('--card', 'card-1');
    expect([code, stdout]).toEqual([0, expect.stringContaining('rec-0')]);
    expect(hospital.carried.map(({ name }) => name)).toEqual([
      ...['ShowCardInEmergency', 'ListForEmergency', 'BreakGlass', 'PutEmergencyNarrative'],
    ]);
    const [shown, asked] = [inputs('ShowCardInEmergency')[0], inputs('BreakGlass')[0]];
    expect(shown).toMatchObject({ cardId: 'card-1', reason: 'cannot-consent' });
    expect(asked).toMatchObject({ ticketId: shown?.['ticketId'], pseudonym: 'psn-1', recordIds: ['rec-0'], opening: { scope: 'dataset' } });
  });

  it('leads to the newest sixteen, and says how many others there are', async () => {
    answersOf(18);
    const { stdout } = await emergency('--card', 'card-1');
    expect(inputs('BreakGlass')[0]?.['recordIds']).toEqual(Array.from({ length: 16 }, (_, each) => `rec-${17 - each}`));
    expect(stdout).toMatch(/not asked for\s+2/);
  });

  it('is read by a scanner as its number, or as a code of its wallet, however old', async () => {
    const statement = {
      ...{ t: 'lianyi/card-token/v2', channel: 'emr', genesis, msp: 'HospitalAMSP', cardId: 'card-2', nonce: 'A'.repeat(22) },
      ...{ issuedAt: '2026-03-01T00:00:00.000Z', notAfter: '2026-03-01T00:01:00.000Z' },
    };
    const token = { statement, publicKey: publicKeyOf(newPrivateKey()), signature: 'A'.repeat(86) };
    for (const [text, cardId] of [
      ['card-1\n', 'card-1'],
      [JSON.stringify(token), 'card-2'],
    ] as const) {
      hospital.carried.length = 0;
      answersOf(1);
      writeFileSync(path('scanned'), text);
      const { code, stderr } = await emergency('--card-file', path('scanned'));
      expect([code, stderr, inputs('ShowCardInEmergency')[0]?.['cardId']]).toEqual([0, '', cardId]);
    }
  });

  it('that leads to nothing answers 4, and nothing is asked for', async () => {
    answersOf(0);
    const { code, stdout } = await emergency('--card', 'card-1');
    expect([code, stdout]).toEqual([4, expect.stringContaining('Nothing would be opened')]);
    expect(hospital.carried.map(({ name }) => name)).toEqual(['ShowCardInEmergency', 'ListForEmergency']);
  });

  it('that leads only to what a second person has to sign for asks for nothing, and says what they would run', async () => {
    answersOf(2, 2);
    const { code, stdout } = await emergency('--card', 'card-1');
    expect([code, stdout]).toEqual([4, expect.stringContaining('Nothing opens by one person alone')]);
    expect(stdout).toMatch(/lianyi emergency countersign \S+ --nonce \S+ --pseudonym psn-1 --records rec-1,rec-0/);
    expect(stdout).not.toContain('Nothing would be opened');
    expect(hospital.carried.map(({ name }) => name)).toEqual(['ShowCardInEmergency', 'ListForEmergency']);
  });

  it('opens what opens alone, and says of the rest that a second person would have to sign', async () => {
    answersOf(3, 1);
    const { code, stdout } = await emergency('--card', 'card-1');
    expect([code, inputs('BreakGlass')[0]?.['recordIds']]).toEqual([0, ['rec-1', 'rec-0']]);
    expect(stdout).toMatch(/opens if a second person countersigns\s+rec-2/);
    expect(stdout).toMatch(/emergency countersign .* --records rec-2/);
  });

  it('is not shown by --dry-run', async () => {
    expect((await emergency('--card', 'card-1', '--dry-run')).stdout).toContain('ShowCardInEmergency');
    expect(hospital.carried).toEqual([]);
  });

  it.each([
    [[]],
    [['--pseudonym', 'psn-1']],
    [['--records', 'rec-1']],
    [['--card', 'card-1', '--pseudonym', 'psn-1']],
    [['--card', 'card-1', '--records', 'rec-1']],
    [['--card', 'card-1', '--card-file', 'scanned']],
    [['--card', 'card-1', '--second', 'lin', '--nonce', 'A'.repeat(22)]],
    [['--card-file', '/nowhere/at/all']],
    [['--card', 'card-1', '--scope', 'full']],
  ])('sends nothing with %j', async (more) => {
    const { code } = await emergency(...more);
    expect([code === 0, hospital.carried]).toEqual([false, []]);
  });
});
