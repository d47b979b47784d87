import { X509Certificate } from 'node:crypto';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { encodeArgument, hashOfKey, instantOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  administered,
  amended,
  asked,
  cardiologistB,
  certificates,
  hired,
  hrAdminA,
  originOf,
  NOW,
  otherHrAdminA,
  person,
  type Person,
  recordAdminA,
  recordEntry,
  recordId,
  recordKey,
  retracted,
  signedBy,
  staffEntry,
  staffFieldsOf,
  staffKey,
  versionEntry,
  versionKey,
} from './member-chain.fixture';
import { B, MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const mallory = person('AMSP', 'mallory', ['clinician'], ['internal']);
const clinicianA = person('AMSP', 'clinician', ['clinician'], ['internal']);
const DEFAULT = { provisionIds: ['default'], grantVersions: [] };

describe('whether a permit rests on the word of those whose it is', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });
  const byConsent = { grantVersions: [{ grantee: B, version: 1 }] };
  /** What one of the hospital has registered, as another one confirms it. */
  const confirmed = (who: Person, by: Person, changes: object = { origin: originOf(hrAdminA) }): Call => {
    const { actorTag, roles, departments, publicKeyHash } = staffFieldsOf(who);
    const said = { actorTag, roles, departments, publicKeyHash };
    const of = { kind: 'staff', mspId: by.mspId, actorTag: by.actorTag };
    const written = staffEntry(who, { confirmedBy: of, ...changes });
    return signedBy(by, transactions.ConfirmStaff, said, { [staffKey(who.mspId, who.actorTag)]: written });
  };
  const registeredBy = (by: Person, who: Person, changes: object = { state: 'pending' }): Call => {
    const written = staffEntry(who, { origin: originOf(by), ...changes });
    return signedBy(by, transactions.RegisterStaff, staffFieldsOf(who), { [staffKey(who.mspId, who.actorTag)]: written });
  };

  it('is given for what the patient, the asker, their hospital and the custodian have said', async () => {
    await chain.say(chain.granted());
    expect(await chain.wordOn(cardiologistB, byConsent)).toBe('given');
    await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT));
    expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('given');
    expect(chain.names()).toEqual([]);
  });

  describe('of staff', () => {
    const written = (who: Person, changes: object = {}): Record<string, string> => ({
      [staffKey(who.mspId, who.actorTag)]: staffEntry(who, changes),
    });

    it.each<readonly [string, () => Call, string]>([
      ['in a transaction of another hospital', () => chain.forged(written(mallory)), 'staff-without-command'],
      ['by another hospital’s administrator', () => ({ ...hired(mallory), creatorMspId: 'BMSP' }), 'staff-without-command'],
      [
        'by a plain client of its hospital',
        () => ({ ...hired(mallory), creatorCertificate: certificates.client }),
        'staff-without-command',
      ],
      ['by a client without a certificate', () => ({ ...hired(mallory), creatorCertificate: '' }), 'staff-without-command'],
      ['by somebody nobody has registered', () => registeredBy(hrAdminA, mallory, {}), 'staff-without-command'],
      ['beside the registration of another', () => ({ ...hired(clinicianA), writes: written(mallory) }), 'staff-without-command'],
      [
        'with another key than was said',
        () => ({ ...hired(mallory), writes: written(mallory, { publicKeyHash: hashOfKey(publicKeyOf(newPrivateKey())) }) }),
        'staff-not-as-commanded',
      ],
      ['with another role', () => ({ ...hired(mallory), writes: written(mallory, { roles: ['keyService'] }) }), 'staff-not-as-commanded'],
      [
        'as made by somebody else',
        () => ({ ...hired(mallory), writes: written(mallory, { origin: originOf(hrAdminA) }) }),
        'staff-not-as-commanded',
      ],
      [
        'as confirmed',
        () => ({ ...hired(mallory), writes: written(mallory, { confirmedBy: originOf(hrAdminA).actor }) }),
        'staff-not-as-commanded',
      ],
      ['in another department', () => ({ ...hired(mallory), writes: written(mallory, { departments: ['x'] }) }), 'staff-not-as-commanded'],
      ['under an id that is none', () => chain.forged({ '\u0000staff\u0000AMSP\u0000a b\u0000': staffEntry(mallory) }), 'key-of-no-entry'],
      ['as no JSON', () => ({ ...hired(mallory), writes: { [staffKey('AMSP', 'mallory')]: '{' } }), 'staff-not-as-commanded'],
    ])('names an entry that was written %s, and whoever asks by it is nobody', async (_what, forged, alarm) => {
      await chain.add(forged());
      expect(chain.names()).toEqual([alarm]);
      await chain.add(asked(mallory, DEFAULT));
      expect(chain.names()).toEqual([alarm, 'ticket-without-request']);
      expect(await chain.wordOn(mallory, DEFAULT)).toBe('request');
    });

    it('is told of a second person’s confirmation, and of nobody who confirms alone', async () => {
      await chain.add(hired(hrAdminA), hired(otherHrAdminA), registeredBy(hrAdminA, clinicianA));
      await chain.add(confirmed(clinicianA, otherHrAdminA), asked(clinicianA, DEFAULT));
      expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('given');
      expect(chain.names()).toEqual([]);
      await chain.add(registeredBy(hrAdminA, mallory), confirmed(mallory, hrAdminA), asked(mallory, DEFAULT));
      expect(chain.names()).toEqual(['staff-without-command', 'ticket-without-request']);
    });

    it('does not let people whom others have written make more of them', async () => {
      await chain.add(chain.forged({ ...written(hrAdminA), ...written(otherHrAdminA) }));
      await chain.add(registeredBy(hrAdminA, mallory), confirmed(mallory, otherHrAdminA), asked(mallory, DEFAULT));
      expect(chain.names()).toEqual([...Array<string>(4).fill('staff-without-command'), 'ticket-without-request']);
      expect(await chain.wordOn(mallory, DEFAULT)).toBe('request');
    });

    it('is told of what somebody asks with a certificate that has the key of their entry', async () => {
      const publicKeyHash = sha256(new X509Certificate(certificates.client).publicKey.export({ type: 'spki', format: 'der' }));
      const hr = staffKey('AMSP', hrAdminA.actorTag);
      const entry = { ...staffFieldsOf(hrAdminA), publicKeyHash };
      await chain.add(administered('AMSP', transactions.RegisterStaff, entry, { [hr]: staffEntry(hrAdminA, { publicKeyHash }) }));
      const asking = { ...registeredBy(hrAdminA, clinicianA), argument: encodeArgument({ input: staffFieldsOf(clinicianA) }) };
      await chain.add({ ...asking, creatorCertificate: certificates.client });
      expect(chain.names()).toEqual([]);
      const again = { ...registeredBy(hrAdminA, mallory), argument: encodeArgument({ input: staffFieldsOf(mallory) }) };
      await chain.add(chain.forged({ [hr]: staffEntry(hrAdminA, { publicKeyHash }) }), {
        ...again,
        creatorCertificate: certificates.client,
      });
      expect(chain.names()).toEqual(['staff-without-command', 'staff-without-command']);
    });

    it('does not let an hrAdmin grant a role that is the administrator’s to grant', async () => {
      const service = person('AMSP', 'service', ['keyService']);
      await chain.add(hired(hrAdminA), registeredBy(hrAdminA, service));
      expect(chain.names()).toEqual(['staff-without-command']);
    });

    it('is told of duty and revocation, and of an entry that others bring back', async () => {
      const key = staffKey(clinicianA.mspId, clinicianA.actorTag);
      const dutyWindows = [{ from: instantOf(NOW - MINUTE), until: instantOf(NOW + MINUTE) }];
      const { actorTag } = clinicianA;
      await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT));
      await chain.add(
        administered('AMSP', transactions.UpdateStaffDuty, { actorTag, dutyWindows }, { [key]: staffEntry(clinicianA, { dutyWindows }) }),
      );
      expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('given');
      const revoked = { [key]: staffEntry(clinicianA, { dutyWindows, state: 'revoked' }) };
      await chain.add(administered('AMSP', transactions.RevokeStaff, { actorTag }, revoked));
      expect(chain.names()).toEqual([]);
      await chain.add(chain.forged({ [key]: staffEntry(clinicianA, { dutyWindows }) }));
      expect(chain.names()).toEqual(['staff-without-command']);
      expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('asker');
    });

    it('is no more proven when it is deleted or written over by others, until its hospital says it again', async () => {
      const key = staffKey('BMSP', cardiologistB.actorTag);
      await chain.say(chain.granted());
      for (const value of [null, staffEntry(cardiologistB, { roles: ['clinician', 'researcher'] }), staffEntry(cardiologistB)]) {
        await chain.add(chain.forged({ [key]: value }));
        expect(await chain.wordOn(cardiologistB, byConsent)).toBe('asker');
      }
      const request = { actorTag: cardiologistB.actorTag, dutyWindows: [] };
      await chain.add(administered('BMSP', transactions.UpdateStaffDuty, request, { [key]: staffEntry(cardiologistB) }));
      expect(await chain.wordOn(cardiologistB, byConsent)).toBe('given');
    });
  });

  describe('of records', () => {
    beforeEach(() => chain.say(chain.granted()));
    /** A retraction as the hospital has said it, whose reason is written otherwise in the record or in its version. */
    const retractedFor = ({ record, version, ...changes }: Readonly<Record<string, string>>): Call => {
      const said = retracted(2);
      const written = { state: 'retracted', retractionReason: record ?? 'other', ...changes };
      const ofVersion = { operation: 'retract', retractionReason: version ?? 'other' };
      return { ...said, writes: { [recordKey(recordId)]: recordEntry(2, written), [versionKey(recordId, 2)]: versionEntry(2, ofVersion) } };
    };
    const amendedBy = (writes: Record<string, string>, by = recordAdminA): Call => amended(2, by, writes);

    it.each<readonly [string, () => Call, string]>([
      ['a lower level', () => chain.forged({ [recordKey(recordId)]: recordEntry(1, { dataLevel: 1 }) }), 'record-without-command'],
      [
        'another custodian',
        () => chain.forged({ [recordKey(recordId)]: recordEntry(1, { custodianMspId: 'BMSP' }) }),
        'record-without-command',
      ],
      ['the same again', () => chain.forged({ [recordKey(recordId)]: recordEntry(1) }), 'record-without-command'],
      ['nothing', () => chain.forged({ [recordKey(recordId)]: null }), 'record-without-command'],
      ['another version', () => chain.forged({ [versionKey(recordId, 1)]: versionEntry(1, { keyEpoch: 2 }) }), 'record-without-command'],
      ['a next version', () => chain.forged({ [versionKey(recordId, 2)]: versionEntry(2) }), 'record-without-command'],
      ['what B’s node carries', () => ({ ...amended(2), creatorMspId: 'BMSP' }), 'record-without-command'],
      ['what somebody unknown signs', () => amended(2, mallory), 'record-without-command'],
      ['what staff signs who may not', () => amended(2, { ...recordAdminA, key: cardiologistB.key }), 'record-without-command'],
      [
        'another class than was said',
        () => amendedBy({ [recordKey(recordId)]: recordEntry(2, { class: 'imaging-report' }) }),
        'record-not-as-commanded',
      ],
      [
        'another confidentiality',
        () => amendedBy({ [recordKey(recordId)]: recordEntry(2, { confidentiality: 'L' }) }),
        'record-not-as-commanded',
      ],
      ['another author', () => amendedBy({ [recordKey(recordId)]: recordEntry(2, { authorMspId: 'BMSP' }) }), 'record-not-as-commanded'],
      [
        'another time of anchoring',
        () => amendedBy({ [recordKey(recordId)]: recordEntry(2, { anchoredAt: instantOf(NOW - MINUTE) }) }),
        'record-not-as-commanded',
      ],
      [
        'another key',
        () => amendedBy({ [versionKey(recordId, 2)]: versionEntry(2, { dekCommitment: sha256('x') }) }),
        'record-not-as-commanded',
      ],
      ['the version under another number', () => amendedBy({ [versionKey(recordId, 3)]: versionEntry(2) }), 'record-not-as-commanded'],
      [
        'a record that is current after a retraction',
        () => ({ ...retracted(2), writes: { [recordKey(recordId)]: recordEntry(2) } }),
        'record-not-as-commanded',
      ],
      ['another reason of a retraction', () => retractedFor({ record: 'wrong-patient' }), 'record-not-as-commanded'],
      ['another reason in the version of a retraction', () => retractedFor({ version: 'wrong-patient' }), 'record-not-as-commanded'],
      [
        'a reason where nothing is retracted',
        () => amendedBy({ [recordKey(recordId)]: recordEntry(2, { retractionReason: 'other' }) }),
        'record-not-as-commanded',
      ],
      ['another custodian of a retracted record', () => retractedFor({ custodianMspId: 'BMSP' }), 'record-not-as-commanded'],
      [
        'another time of anchoring of a retracted record',
        () => retractedFor({ anchoredAt: instantOf(NOW - MINUTE) }),
        'record-not-as-commanded',
      ],
    ])('names one over which was written %s, and it opens nothing', async (_what, forged, alarm) => {
      await chain.add(forged());
      expect(chain.names()).toEqual([alarm]);
      expect(await chain.wordOn(cardiologistB, byConsent)).toBe('record');
    });

    it('is told of amendments and a retraction by the hospital, which also mend what others wrote', async () => {
      await chain.add(amended(2));
      expect(await chain.wordOn(cardiologistB, byConsent)).toBe('given');
      await chain.add(chain.forged({ [recordKey(recordId)]: recordEntry(2, { dataLevel: 1 }) }));
      expect(await chain.wordOn(cardiologistB, byConsent)).toBe('record');
      await chain.add(amended(3));
      expect(await chain.wordOn(cardiologistB, byConsent)).toBe('given');
      await chain.add(retracted(4));
      expect(chain.names()).toEqual(['record-without-command']);
    });

    it('is not told of a record that the hospital never anchored, whatever it amends', async () => {
      expect(await chain.wordOn(cardiologistB, { ...byConsent, recordIds: ['another'] })).toBe('record');
    });

    it('says nothing of the records of patients of others', async () => {
      await chain.add(chain.forged({ [`\u0000record\u0000psn-9\u0000${recordId}\u0000`]: recordEntry(1, { pseudonym: 'psn-9' }) }));
      expect(chain.names()).toEqual([]);
    });
  });
});
