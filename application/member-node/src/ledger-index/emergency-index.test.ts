import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { addMilliseconds, canonicalJson, instantOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, nonce, NOW, person, pseudonym, recordId, signedBy, ticketEntry, ticketIdFor, ticketKey } from './member-chain.fixture';
import { MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';
import { Proxy } from './proxy.fixture';

const stranger = person('BMSP', 'neurologist', ['clinician'], ['neurology']);
const ephemeralPublicKey = publicKeyOf(newPrivateKey());
const choiceKey = `\u0000emergencyChoice\u0000${pseudonym}\u0000`;
const refused = { stance: 'refused' } as const;
const allowed = { stance: 'allowed', maxConfidentiality: 'N', maxDataLevel: 4 } as const;

describe('whether a permit of an emergency is what was asked for, and what the patient lets be opened', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.add(hired(stranger));
  });

  const written = (changes: object = {}): object => ({
    ...{ purpose: 'ETREAT', emergency: { scope: 'full' }, provisionIds: ['emergency'], ephemeralPublicKey },
    ...{ expiresAt: addMilliseconds(instantOf(NOW), 60 * MINUTE) },
    ...changes,
  });
  /** Somebody breaks the glass, and what is written for it. */
  const broken = (changes: object = {}, said: object = {}): Call => {
    const input = {
      ...{ ticketId: ticketIdFor(stranger), nonce, pseudonym, recordIds: [recordId], department: 'neurology', ephemeralPublicKey },
      ...{ reason: 'no-time', opening: { scope: 'full', withoutDataset: 'none-prepared' }, narrativeCommitment: sha256('it') },
      ...{ lastsMinutes: 60, ...said },
    };
    const writes = { [ticketKey(ticketIdFor(stranger))]: ticketEntry(stranger, JSON.parse(JSON.stringify(written(changes))) as object) };
    return signedBy(stranger, transactions.BreakGlass, input, writes);
  };
  const word = (): Promise<string> => chain.wordOn(stranger, written());
  const entry = (choice: object, at = NOW): string =>
    canonicalJson({ schemaVersion: 1, pseudonym, version: 1, choice, changedAt: instantOf(at) });
  const chosen = (choice: object, stands: string | null = entry(choice)): Call =>
    chain.command(transactions.SetEmergencyChoice, { pseudonym, choice }, { [choiceKey]: stands });

  it('is so where a clinician has signed for it, and the patient has said nothing or lets it', async () => {
    await chain.add(broken());
    expect([await word(), chain.names()]).toEqual(['given', []]);
    await chain.say(chosen(allowed));
    expect([await word(), chain.names()]).toEqual(['given', []]);
  });

  it.each<readonly [string, object, object]>([
    ['of all, where the summary was asked for', {}, { opening: { scope: 'dataset' } }],
    ['for longer than was asked', { expiresAt: addMilliseconds(instantOf(NOW), 60 * MINUTE + 1) }, {}],
    ['of another record', { recordIds: ['another'] }, {}],
    ['for another purpose', { purpose: 'TREAT' }, {}],
    ['that is one by consent', { emergency: undefined }, {}],
  ])('is not one %s', async (_what, changes, said) => {
    await chain.add(broken(changes, said));
    expect(chain.names()).toEqual(['ticket-not-as-requested']);
    expect(await word()).toBe('request');
  });

  it('is not one that nobody has asked for', async () => {
    await chain.add(chain.forged({ [ticketKey(ticketIdFor(stranger))]: ticketEntry(stranger, written()) }));
    expect([await word(), chain.names()]).toEqual(['request', ['ticket-without-request']]);
  });

  it('is none any more once the patient refuses', async () => {
    await chain.add(broken());
    await chain.say(chosen(refused));
    expect([await word(), chain.names()]).toEqual(['changed', []]);
  });

  it('is none once others write over what the patient has said, until the patient says it anew', async () => {
    await chain.add(broken());
    await chain.say(chosen(refused));
    await chain.add(chain.forged({ [choiceKey]: entry(allowed) }));
    expect([await word(), chain.names()]).toEqual(['unproven', ['emergency-choice-without-command']]);
    await chain.say(chosen(allowed));
    expect(await word()).toBe('given');
  });

  it.each<readonly [string, string | null, string]>([
    ['something else', entry(allowed), 'emergency-choice-not-as-commanded'],
    ['another time', entry(refused, NOW - 1), 'emergency-choice-not-as-commanded'],
    ['its end', null, 'emergency-choice-not-as-commanded'],
  ])('is none where %s is written than the patient has said', async (_what, stands, alarm) => {
    await chain.add(broken());
    await chain.say(chosen(refused, stands));
    expect([await word(), chain.names()]).toEqual(['unproven', [alarm]]);
  });

  it('is none where nothing is written of what the patient has said', async () => {
    await chain.add(broken());
    await chain.say(chain.command(transactions.SetEmergencyChoice, { pseudonym, choice: refused }));
    expect([await word(), chain.names()]).toEqual(['unproven', ['command-not-carried-out']]);
  });

  it('is none where what opens it came late, and what only closes it may come late', async () => {
    await chain.add(broken());
    const late = (choice: object): Call => {
      const call = chosen(choice, entry(choice, chain.now));
      chain.now += 6 * MINUTE;
      return call;
    };
    await chain.say(late(allowed));
    expect(await word()).toBe('given');
    await chain.say(late({ ...allowed, maxConfidentiality: 'V' }));
    expect([await word(), chain.names()]).toEqual(['late', []]);
    await chain.say(late({ ...allowed, maxConfidentiality: 'R' }));
    expect([await word(), chain.names()]).toEqual(['late', []]);
    await chain.say(chosen(allowed, entry(allowed, chain.now)));
    expect(await word()).toBe('given');
  });

  it('is none on the word of a proxy who opens what the patient has closed', async () => {
    const proxy = new Proxy(chain);
    await chain.add(broken());
    await chain.say(chain.command(transactions.AppointDelegate, proxy.appointment, { [proxy.ledgerKey]: proxy.entry() }));
    await chain.say(chosen(refused));
    const opened = proxy.command(transactions.SetEmergencyChoice, { pseudonym, choice: allowed }, { [choiceKey]: entry(allowed) });
    await chain.add(opened);
    expect(await word()).toBe('unproven');
    expect(chain.names()).toEqual(['command-not-allowed', 'emergency-choice-without-command']);
  });
});
