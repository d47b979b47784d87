import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { canonicalJson, encodeArgument, granteeSchema, instantOf, ticketSchema } from '@lianyi/domain';
import { policiesOf } from '@lianyi/domain/deciding';
import { type Call } from './block-of-calls.fixture';
import {
  asked,
  cardiologistB,
  hired,
  NOW,
  parameterEntry,
  parameterKey,
  person,
  pseudonym,
  recordId,
  recordKey,
  staffKey,
  ticketEntry,
  ticketIdFor,
  ticketKey,
} from './member-chain.fixture';
import { B, MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const clinicianA = person('AMSP', 'clinician', ['clinician'], ['internal']);
const DEFAULT = { provisionIds: ['default'], grantVersions: [] };
const deniedOf = (...recordIds: readonly string[]): readonly object[] =>
  recordIds.map((each) => ({ recordId: each, reasons: ['NO_CONSENT'] }));

describe('whether a permit is what somebody has asked for, and rests on what holds for them', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });
  const byConsent = { grantVersions: [{ grantee: B, version: 1 }] };

  describe('of the consents that it names', () => {
    const { mspId, actorTag } = cardiologistB;
    const grantees = {
      'who asks': { kind: 'person', mspId, name: actorTag },
      'their department': { kind: 'department', mspId, name: 'cardiology' },
      'their role': { kind: 'role', mspId, name: 'clinician' },
      'a group of their organisation': { kind: 'group', mspId, name: 'night-team' },
      'their organisation': B,
      'a colleague': { kind: 'person', mspId, name: 'neurologist' },
      'another department': { kind: 'department', mspId, name: 'neurology' },
      'another role': { kind: 'role', mspId, name: 'nurse' },
      'another organisation': { ...B, mspId: 'CMSP' },
      'a department of the same name elsewhere': { kind: 'department', mspId: 'CMSP', name: 'cardiology' },
      'a person of the same name elsewhere': { kind: 'person', mspId: 'CMSP', name: actorTag },
    };
    it.each(Object.keys(grantees) as (keyof typeof grantees)[])('one for %s is taken only if they are meant', async (whom) => {
      const grantee = granteeSchema.parse(grantees[whom]);
      await chain.say(chain.granted(grantee));
      const isMeant = whom.includes('their') || whom === 'who asks';
      expect(await chain.word({ grantee, version: 1 })).toBe(isMeant ? 'given' : 'unproven');
    });
  });

  describe('of permits', () => {
    const neurologistB = person('BMSP', 'neurologist', ['clinician'], ['neurology']);
    beforeEach(async () => {
      await chain.say(chain.granted());
      await chain.add(hired(neurologistB));
    });
    const permitOf = (changes: object = {}): Record<string, string> => ({
      [ticketKey(ticketIdFor(neurologistB))]: ticketEntry(neurologistB, changes),
    });

    it.each<readonly [string, () => Call, string]>([
      ['nobody asked for', () => chain.forged(permitOf()), 'ticket-without-request'],
      ['another hospital’s node carried', () => ({ ...asked(neurologistB), creatorMspId: 'CMSP' }), 'ticket-without-request'],
      [
        'another person asked for',
        () => ({ ...asked({ ...neurologistB, key: cardiologistB.key }), writes: permitOf() }),
        'ticket-without-request',
      ],
      [
        'was asked for without a signature',
        () => ({ ...asked(neurologistB), argument: unsigned(asked(neurologistB)) }),
        'ticket-without-request',
      ],
      ['denies a record that nobody asked for', () => asked(neurologistB, { denied: deniedOf('another') }), 'ticket-not-as-requested'],
      ['denies besides what it opens', () => asked(neurologistB, { denied: deniedOf(recordId) }), 'ticket-not-as-requested'],
      [
        'says nothing of a record that was asked for',
        () => asked(neurologistB, { denied: deniedOf('third') }, { recordIds: [recordId, 'another', 'third'] }),
        'ticket-not-as-requested',
      ],
      ['is for another record than was asked', () => asked(neurologistB, {}, { recordIds: ['another'] }), 'ticket-not-as-requested'],
      ['is for another patient', () => asked(neurologistB, {}, { pseudonym: 'psn-2' }), 'ticket-not-as-requested'],
      ['is for another purpose', () => asked(neurologistB, { purpose: 'ETREAT' }), 'ticket-not-as-requested'],
      [
        'is sealed to another key',
        () => asked(neurologistB, { ephemeralPublicKey: publicKeyOf(newPrivateKey()) }),
        'ticket-not-as-requested',
      ],
      [
        'names another person',
        () => asked(neurologistB, { actor: { mspId: 'BMSP', actorTag: 'x', roles: ['clinician'], department: 'neurology' } }),
        'ticket-not-as-requested',
      ],
      [
        'names roles that the person does not have',
        () =>
          asked(neurologistB, {
            actor: { mspId: 'BMSP', actorTag: 'neurologist', roles: ['clinician', 'nurse'], department: 'neurology' },
          }),
        'ticket-not-as-requested',
      ],
      [
        'is in a department that is not the person’s',
        () => asked({ ...neurologistB, departments: ['cardiology'] }),
        'ticket-not-as-requested',
      ],
      ['was asked at another time', () => asked(neurologistB, { requestedAt: instantOf(NOW + MINUTE) }), 'ticket-not-as-requested'],
      [
        'lasts a millisecond longer than any',
        () => asked(neurologistB, { expiresAt: instantOf(NOW + 15 * MINUTE + 1) }),
        'ticket-not-as-requested',
      ],
      ['has an id of another nonce', () => asked(neurologistB, {}, { nonce: 'B'.repeat(21) + 'A' }), 'ticket-not-as-requested'],
    ])('names one that %s, and it opens nothing', async (_what, forged, alarm) => {
      await chain.add(forged());
      expect(chain.names()).toEqual([alarm]);
      expect(await chain.wordOn(neurologistB, byConsent)).toBe('request');
    });

    it('takes one that opens some of what was asked for and denies the rest', async () => {
      await chain.add(asked(neurologistB, { denied: deniedOf('third', 'another') }, { recordIds: ['another', recordId, 'third'] }));
      expect(chain.names()).toEqual([]);
      expect(await chain.wordOn(neurologistB, byConsent)).toBe('given');
    });

    it('names one that is opened again or written over, though the request for it stands there too', async () => {
      await chain.add(asked(neurologistB));
      expect(await chain.wordOn(neurologistB, byConsent)).toBe('given');
      await chain.add(chain.forged(permitOf({ state: 'closed', closed: { at: instantOf(NOW), by: { kind: 'patient', pseudonym } } })));
      expect(chain.names()).toEqual([]);
      await chain.add(asked(neurologistB));
      expect(chain.names()).toEqual(['ticket-without-request']);
      expect(await chain.wordOn(neurologistB, byConsent)).toBe('request');
    });

    it.each<readonly [string, () => string | null]>([
      ['that says a thing twice', () => ticketEntry(neurologistB).replace('{', '{"purpose":"ETREAT",')],
      ['that is no JSON', () => 'open'],
      ['of another version', () => canonicalJson({ ...(JSON.parse(ticketEntry(neurologistB)) as object), schemaVersion: 2 })],
      ['of another’s id', () => ticketEntry(neurologistB, { ticketId: 'another' })],
      [
        'of a denial',
        () => canonicalJson({ ...(JSON.parse(ticketEntry(neurologistB)) as object), decision: 'deny', reasons: ['NO_CONSENT'] }),
      ],
      ['that is none', () => null],
    ])('lets nothing stand unseen over one that was asked for, in a form %s', async (_what, value) => {
      await chain.add(asked(neurologistB));
      expect(await chain.wordOn(neurologistB, byConsent)).toBe('given');
      await chain.add(chain.forged({ [ticketKey(ticketIdFor(neurologistB))]: value() }));
      expect(chain.names()).toEqual(['ticket-without-request']);
      expect(await chain.wordOn(neurologistB, byConsent)).toBe('request');
    });

    it('says nothing of denials, and of permits for what other hospitals keep', async () => {
      const {
        schemaVersion,
        ticketId,
        pseudonym,
        recordIds,
        purpose,
        actor,
        requestedAt,
        origin,
        ephemeralPublicKey: key,
      } = ticketSchema.parse(JSON.parse(ticketEntry(neurologistB)));
      const request = { schemaVersion, ticketId, pseudonym, recordIds, purpose, actor, requestedAt, origin, ephemeralPublicKey: key };
      const denial = canonicalJson({ ...request, decision: 'deny', reasons: ['NO_CONSENT'] });
      await chain.add(chain.forged({ [ticketKey(ticketIdFor(neurologistB))]: denial }), chain.forged(permitOf({ custodianMspId: 'CMSP' })));
      expect(chain.names()).toEqual([]);
      expect(await chain.wordOn(neurologistB, byConsent)).toBe('request');
    });
  });

  describe('of what holds where the patient says nothing', () => {
    const policies = (policy: 'all-normal' | 'basic-normal'): Record<string, string> => ({
      [parameterKey]: parameterEntry(policiesOf(policy)),
    });

    it.each<readonly [string, object]>([
      ['by the default policy', DEFAULT],
      ['without naming a consent', { grantVersions: [] }],
      ['by a consent and the default policy', { ...byConsent, provisionIds: ['default', 'p1'] }],
    ])('permits nobody of another hospital %s', async (_what, changes) => {
      await chain.say(chain.granted());
      expect(await chain.wordOn(cardiologistB, changes)).toBe('default-policy');
    });

    it('permits nobody by a policy that somebody has written, until it is as it was', async () => {
      await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT));
      await chain.add(chain.forged(policies('all-normal')));
      expect(chain.names()).toEqual(['parameter-without-command']);
      expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('default-policy');
      await chain.add(chain.forged(policies('basic-normal')));
      expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('given');
      expect(chain.names()).toHaveLength(1);
    });
  });

  it('is told by an auditor of all hospitals as by the index of one', async () => {
    const policy = { [parameterKey]: '{}' };
    await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT));
    expect(chain.audit.report()).toEqual({ patients: 1, signedCommands: 1, staff: 4, permits: 2, alarms: [] });
    await chain.add(chain.forged({ [staffKey('AMSP', 'clinician')]: null, ...policy }), asked(clinicianA, DEFAULT));
    await chain.add(chain.forged({ [recordKey(recordId)]: null }), chain.granted(B, 2));
    const found = ['staff-without-command', 'parameter-without-command', 'ticket-without-request', 'record-without-command'];
    expect(chain.names()).toEqual([...found, 'consent-not-as-commanded']);
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    // and of what concerns another hospital alone, by the auditor only
    await chain.add(chain.forged({ [ticketKey('t')]: ticketEntry(cardiologistB, { ticketId: 't', custodianMspId: 'CMSP' }) }));
    expect(chain.names()).toHaveLength(5);
    expect(chain.audit.report().alarms.at(-1)).toMatchObject({ name: 'ticket-without-request', blockNumber: '6', detail: 't' });
  });
});

function unsigned({ argument }: Call): string {
  const { input } = JSON.parse(argument) as { input: object };
  return encodeArgument({ input });
}
