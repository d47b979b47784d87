import { publicKeyOf } from '@lianyi/client';
import { addMilliseconds, canonicalJson, confirmDeath, hashOfKey, instantOf, proposeDeath, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  asked as requested,
  hired,
  NOW,
  originOf,
  person,
  pseudonym,
  recordId,
  registrarA,
  ticketEntry,
  ticketIdFor,
  ticketKey,
} from './member-chain.fixture';
import { B, consent, consentKey, MINUTE, type PatientChain, provision, pseudonymEntry, pseudonymKey } from './patient-chain.fixture';
import { evidence, registrarB, useSaidByStaff } from './said-by-staff.fixture';
import { Proxy } from './proxy.fixture';
import { brokenBy, written } from './broken-glass.fixture';

const stranger = person('BMSP', 'neurologist', ['clinician'], ['neurology']);
const deathKey = `\u0000death\u0000${pseudonym}\u0000`;
const choiceKey = `\u0000emergencyChoice\u0000${pseudonym}\u0000`;
const refused = { stance: 'refused' } as const;
const allowed = { stance: 'allowed', maxConfidentiality: 'N', maxDataLevel: 4 } as const;

describe('whether a permit of an emergency is what was asked for, and what the patient lets be opened', () => {
  const { chain: used, byStaff } = useSaidByStaff();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.add(hired(stranger));
  });

  const broken = (changes: object = {}, said: object = {}, by = stranger): Call => brokenBy(by, changes, said);
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

  it('is so where some of the records are denied, and not where one of them goes untold', async () => {
    const asked = { recordIds: ['another', recordId] };
    await chain.add(broken({ denied: [{ recordId: 'another', reasons: ['LABEL_NOT_COVERED'] }] }, asked));
    expect([await word(), chain.names()]).toEqual(['given', []]);
    const colleague = person('BMSP', 'colleague', ['clinician'], ['neurology']);
    await chain.add(hired(colleague), broken({}, asked, colleague));
    expect([await chain.wordOn(colleague, written()), chain.names()]).toEqual(['request', ['ticket-not-as-requested']]);
  });

  it('takes no use of a consent, whatever is written of what it rests on', async () => {
    const provisions = [{ ...provision, uses: 1 }];
    const writes = { [consentKey(B)]: consent(1, 'active', provisions) };
    await chain.say(chain.command(transactions.GrantPolicy, { pseudonym, grantee: B, provisions }, writes));
    const rests = { provisionIds: ['p1'], grantVersions: [{ grantee: B, version: 1 }] };
    await chain.add(broken(rests));
    const reader = person('BMSP', 'reader', ['clinician'], ['cardiology']);
    await chain.add(hired(reader), requested(reader, rests));
    expect(await chain.wordOn(reader, rests)).toBe('given');
  });

  it.each([
    ['the case', /^.emergency.t/],
    ['the list of the patient', /^.emergencyOf.patient/],
    ['the list of the records’ hospital', /^.emergencyOf.organisation.AMSP/],
    ['the list of the asker’s hospital', /^.emergencyOf.organisation.BMSP/],
    ['the debt of the person', /^.emergencyDebt.person/],
    ['the debt of the department', /^.emergencyDebt.department/],
    ['the line of the patient’s audit', /^.accessEvent/],
  ])('is none without %s, nor with another in its place', async (_what, place) => {
    const call = broken();
    const [key = '', value = ''] = Object.entries(call.writes ?? {}).find(([at]) => place.test(at)) ?? [];
    expect(key).not.toBe('');
    const colleague = person('BMSP', 'colleague', ['clinician'], ['neurology']);
    await chain.add({ ...call, writes: Object.fromEntries(Object.entries(call.writes ?? {}).filter(([at]) => at !== key)) });
    expect([await word(), chain.names()]).toEqual(['request', ['ticket-not-as-requested']]);
    await chain.add(hired(colleague));
    const other = broken({}, {}, colleague);
    const [theirs = ''] = Object.keys(other.writes ?? {}).filter((at) => place.test(at));
    await chain.add({ ...other, writes: { ...other.writes, [theirs]: String(value).replace(/.{3}"}?$/, 'xyz"}') } });
    expect(await chain.wordOn(colleague, written())).toBe('request');
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

  it('is none once the patient’s death is recorded', async () => {
    await chain.add(broken(), hired(registrarB));
    const proposed = proposeDeath(undefined, pseudonym, evidence, instantOf(chain.now), originOf(registrarA));
    await chain.add(byStaff(registrarA, transactions.ProposeDeath, { [deathKey]: canonicalJson(proposed) }));
    expect(await word()).toBe('given');
    const recorded = confirmDeath(proposed, originOf(registrarB).actor, evidence, instantOf(chain.now));
    const entryOfDead = pseudonymEntry(hashOfKey(publicKeyOf(chain.key)), chain.last, { isDeceased: true });
    const writes = { [pseudonymKey()]: entryOfDead, [deathKey]: canonicalJson(recorded) };
    await chain.add(byStaff(registrarB, transactions.ConfirmDeath, writes));
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
