import { instantOf, transactions } from '@lianyi/domain';
import { blockOfCalls, type Call } from './block-of-calls.fixture';
import {
  administered,
  amended,
  anchored,
  asked,
  cardiologistB,
  hired,
  NOW,
  person,
  type Person,
  recordAdminA,
  recordEntry,
  recordId,
  recordKey,
  retracted,
  signedBy,
  staffEntry,
  staffKey,
  versionEntry,
  versionKey,
} from './member-chain.fixture';
import { B, consent, consentKey, denial, MINUTE, type PatientChain, pseudonym, usePatientChain } from './patient-chain.fixture';

const clinicianA = person('AMSP', 'clinician', ['clinician'], ['internal']);
const DEFAULT = { provisionIds: ['default'], grantVersions: [] };

describe('what a member’s staff has said', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });
  const isStaff = async ({ mspId, actorTag }: Person): Promise<boolean | undefined> =>
    (await chain.index.staffShown(mspId, actorTag))?.isProven;
  const byConsent = { grantVersions: [{ grantee: B, version: 1 }] };
  const wordOnRecord = (): Promise<string> => chain.wordOn(cardiologistB, byConsent);
  const toldBy = (creatorMspId: string, atMillis: number): Call => {
    return { ...chain.forged({ '\u0000accessUse\u0000t\u0000r\u0000': '{}' }), creatorMspId, atMillis };
  };
  /** Blocks that were there before the stream was opened: nobody knows when they came. */
  const arrive = async (...blocks: readonly (readonly Call[])[]): Promise<void> => {
    for (const calls of blocks) {
      const block = blockOfCalls(chain.block, calls);
      await chain.index.sinkOf('AMSP').apply(block, false);
      await chain.audit.visit(block);
      chain.block += 1;
    }
  };
  const later = (minutes: number): void => {
    chain.now += minutes * MINUTE;
  };

  it('is said at the end of the window', async () => {
    later(5);
    await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT));
    expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('given');
    expect(chain.names()).toEqual([]);
  });

  it('is no word of anybody when it is committed after the window', async () => {
    later(6);
    await chain.add(hired(clinicianA));
    expect(await isStaff(clinicianA)).toBe(false);
    await chain.add(asked(clinicianA, DEFAULT), amended(2));
    expect(chain.names()).toEqual(['staff-without-command', 'ticket-without-request', 'record-without-command']);
    expect(chain.audit.report().alarms).toEqual([]); // what was proposed before it shows an auditor no later time
  });

  it('is no word of anybody when the blocks before it show that it is late, though nobody knows when it came', async () => {
    later(60);
    await arrive([toldBy('BMSP', NOW + 6 * MINUTE), toldBy('CMSP', NOW + 7 * MINUTE)], [hired(clinicianA)]);
    expect(await isStaff(clinicianA)).toBe(false);
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(['staff-without-command']);
  });

  it.each([
    ['a week', 7 * 24 * 60],
    ['a year', 365 * 24 * 60],
    ['until 2099', 73 * 365 * 24 * 60],
  ])('is said in time although clients of one organisation have stated a time %s ahead, whenever that is read', async (_what, minutes) => {
    later(minutes + 60);
    await arrive([toldBy('BMSP', NOW + minutes * MINUTE)], [hired(clinicianA)]);
    expect(await isStaff(clinicianA)).toBe(true);
    expect(chain.names()).toEqual([]);
    expect(chain.audit.report().alarms).toEqual([]);
  });

  it('is late by what its own organisation has told before, for its own node', async () => {
    later(60);
    await arrive([toldBy('AMSP', NOW + 6 * MINUTE)], [hired(clinicianA)]);
    expect(await isStaff(clinicianA)).toBe(false);
    expect(chain.audit.report().alarms).toEqual([]);
  });

  it('is no word of anybody before its time has come, so that no permit lasts longer than any', async () => {
    await chain.say(chain.granted());
    await chain.add(hired(clinicianA));
    const inTenYears = NOW + 10 * 365 * 24 * 60 * MINUTE;
    await chain.add(asked(clinicianA, DEFAULT, {}, inTenYears));
    expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('request');
    expect(chain.names()).toEqual(['ticket-without-request']);
  });

  it('is said with a clock that is two minutes ahead', async () => {
    await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT, {}, NOW + 2 * MINUTE));
    expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('given');
  });

  describe('is not said again by who dates a transaction back', () => {
    it('of duty', async () => {
      const key = staffKey('AMSP', clinicianA.actorTag);
      const { actorTag } = clinicianA;
      const onDuty = (dutyWindows: object[], at: number): Call =>
        administered(
          'AMSP',
          transactions.UpdateStaffDuty,
          { actorTag, dutyWindows },
          { [key]: staffEntry(clinicianA, { dutyWindows }) },
          at,
        );
      const open = onDuty([], NOW);
      await chain.add(hired(clinicianA), open);
      later(24 * 60);
      await chain.add(onDuty([{ from: instantOf(NOW), until: instantOf(NOW + MINUTE) }], chain.now));
      expect(await isStaff(clinicianA)).toBe(true);
      await chain.add(open);
      expect(await isStaff(clinicianA)).toBe(false);
      expect(chain.names()).toEqual(['staff-without-command']);
    });

    it.each<readonly [string, () => Call]>([
      ['that a record is there', () => anchored()],
      ['what a record was amended to', () => amended(2)],
    ])('of %s, when its hospital has said otherwise since', async (_what, old) => {
      await chain.say(chain.granted());
      await chain.add(amended(2));
      later(24 * 60);
      await chain.add(amended(3, recordAdminA, {}, chain.now));
      expect(await wordOnRecord()).toBe('given');
      await chain.add(old());
      expect(await wordOnRecord()).toBe('record');
      expect(chain.names()).toEqual(['record-without-command']);
    });
  });

  describe('of a record', () => {
    beforeEach(() => chain.say(chain.granted()));

    it.each<readonly [string, number, () => Call]>([
      ['that it is there', 0, () => anchored()],
      ['what it was amended to', 1, () => amended(2)],
      ['what it was amended to last', 2, () => amended(3)],
    ])('is not said a second time within the window, %s, over what others wrote before it', async (_what, version, old) => {
      for (const make of [() => amended(2), () => amended(3)]) await chain.add(make());
      const forgery = version === 0 ? null : recordEntry(version);
      await chain.add(chain.forged({ [recordKey(recordId)]: forgery }));
      await chain.add(old());
      expect(await wordOnRecord()).toBe('record');
      expect(chain.names()).toEqual(['record-without-command', 'record-without-command']);
      // the hospital mends it, with a statement that it has not made before
      await chain.add(chain.forged({ [recordKey(recordId)]: recordEntry(7) }), amended(8));
      expect(await wordOnRecord()).toBe('given');
      expect(chain.audit.report().alarms).toHaveLength(3);
    });

    it.each<readonly [string, readonly (() => Call)[], () => Call]>([
      ['that it is there, when it was there', [], () => anchored()],
      ['that it is there, when it was amended', [() => amended(2)], () => anchored()],
      ['of the version before', [() => amended(2), () => amended(3)], () => amended(3)],
      ['of a version that has not come yet', [], () => amended(3)],
      ['that it is there, when it was retracted', [() => retracted(2)], () => anchored()],
      ['of the version after a retraction', [() => retracted(2)], () => amended(3)],
      ['that it is retracted, of another version', [() => amended(2)], () => retracted(2)],
    ])('counts for nothing %s', async (_what, before, said) => {
      for (const make of before) await chain.add(make());
      expect(chain.names()).toEqual([]);
      await chain.add(said());
      expect(chain.names()).toEqual(['record-without-command']);
      expect(await wordOnRecord()).toBe('record');
      expect(chain.audit.report().alarms).toHaveLength(1);
    });

    it.each<readonly [string, () => Record<string, string>]>([
      ['the record alone', () => ({ [recordKey(recordId)]: recordEntry(2) })],
      ['its version alone, and the record stays as it was', () => ({ [versionKey(recordId, 2)]: versionEntry(2) })],
      ['a version more', () => ({ ...amended(2).writes, [versionKey(recordId, 3)]: versionEntry(3) }) as Record<string, string>],
    ])('counts for nothing where what is written is %s', async (_what, writes) => {
      await chain.add({ ...amended(2), writes: writes() });
      expect(chain.names()).toEqual(['record-not-as-commanded']);
      expect(await wordOnRecord()).toBe('record');
    });

    it('stays retracted, whatever others write and say', async () => {
      await chain.add(retracted(2));
      await chain.add(chain.forged({ [recordKey(recordId)]: recordEntry(2) }));
      expect(await wordOnRecord()).toBe('record');
      await chain.add(amended(3));
      expect(await wordOnRecord()).toBe('record');
      expect(chain.names()).toEqual(['record-without-command', 'record-without-command']);
    });

    it('mends what others wrote in the version that stands there now', async () => {
      await chain.add(chain.forged({ [recordKey(recordId)]: recordEntry(7, { dataLevel: 1 }) }));
      await chain.add(amended(2));
      expect(await wordOnRecord()).toBe('record');
      await chain.add(chain.forged({ [recordKey(recordId)]: recordEntry(7, { dataLevel: 1 }) }), amended(8));
      expect(await wordOnRecord()).toBe('given');
    });
  });

  it('is said of a consent with the time of its transaction, and no earlier one', async () => {
    const key = consentKey(B);
    const early = consent(1, 'active', denial);
    later(1);
    const call = chain.command(transactions.GrantPolicy, { pseudonym, grantee: B, provisions: denial }, { [key]: early });
    await chain.say(call);
    expect(chain.names()).toEqual(['consent-not-as-commanded']);
  });

  it('is not said by whoever signs for another', async () => {
    const call = signedBy({ ...recordAdminA, key: cardiologistB.key }, transactions.AmendRecord, {}, amended(2).writes);
    await chain.add(call);
    expect(chain.names()).toEqual(['record-without-command']);
  });
});
