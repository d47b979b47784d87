import { actorTagSchema, mspIdSchema, pseudonymSchema } from '@lianyi/domain';
import { type AdmittedReader } from './check-caller';
import { ReaderLanes } from './reader-lanes';

const A = mspIdSchema.parse('HospitalAMSP');
const B = mspIdSchema.parse('HospitalBMSP');
const C = mspIdSchema.parse('HospitalCMSP');
const patient = (memberMspId: AdmittedReader['memberMspId'], name: string): AdmittedReader => ({
  holder: { kind: 'patient', pseudonym: pseudonymSchema.parse(name) },
  memberMspId,
});
const clinician = (name: string): AdmittedReader => ({
  holder: { kind: 'staff', mspId: A, actorTag: actorTagSchema.parse(name) },
  memberMspId: A,
});

describe('the places of those who read', () => {
  let lanes: ReaderLanes;
  beforeEach(() => {
    lanes = ReaderLanes.ofOwnStaff({ atOnce: 2, perCaller: 1, waiting: 0 });
  });
  const enterAll = (readers: readonly AdmittedReader[]): Promise<PromiseSettledResult<() => void>[]> =>
    Promise.all(readers.map((reader) => Promise.race([Promise.allSettled([lanes.enter(reader)]).then(([entered]) => entered), later()])));
  const later = (): Promise<PromiseSettledResult<() => void>> =>
    new Promise((resolve) => setTimeout(resolve, 20, { status: 'rejected', reason: 'waits' }));
  const inside = (results: readonly PromiseSettledResult<() => void>[]): number =>
    results.filter(({ status }) => status === 'fulfilled').length;

  it('are kept for staff, however many patients a hospital has registered', async () => {
    const many = await enterAll(Array.from({ length: 300 }, (_, index) => patient(B, `psn-${index}`)));
    expect(inside(many)).toBe(4);
    expect(inside(await enterAll([clinician('dr-lin'), clinician('dr-wu')]))).toBe(2);
  });

  it('are kept for the patients of each hospital, whatever another one’s take', async () => {
    await enterAll([B, C].flatMap((mspId) => Array.from({ length: 100 }, (_, index) => patient(mspId, `${mspId}-${index}`))));
    expect(inside(await enterAll([patient(A, 'psn-own')]))).toBe(1);
  });

  it('are one for each patient, and staff that fill theirs keep no patient waiting', async () => {
    expect(inside(await enterAll([patient(A, 'psn-1'), patient(A, 'psn-1'), patient(A, 'psn-2')]))).toBe(2);
    await enterAll([clinician('dr-lin'), clinician('dr-wu')]);
    expect(inside(await enterAll([patient(B, 'psn-3')]))).toBe(1);
    await expect(lanes.enter(clinician('dr-li'))).rejects.toMatchObject({ code: 'NODE_BUSY' });
  });

  it('are free again once what was read is over, or failed', async () => {
    await expect(lanes.run(patient(A, 'psn-1'), () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    const leave = await lanes.enter(patient(A, 'psn-1'));
    leave();
    expect(await lanes.run(patient(A, 'psn-1'), () => Promise.resolve('read'))).toBe('read');
  });

  it('of staff are held by one custodian to a quarter, and what is the hospital’s own is read all the same', async () => {
    lanes = ReaderLanes.ofOwnStaff({ atOnce: 16, perCaller: 4, waiting: 64 });
    const staff = Array.from({ length: 12 }, (_none, index) => clinician(`dr-${index}`));
    const ofCustodian = (readers: readonly AdmittedReader[], custodian: typeof B): Promise<PromiseSettledResult<() => void>[]> =>
      Promise.all(
        readers.map((reader) => Promise.race([Promise.allSettled([lanes.enter(reader, custodian)]).then(([entered]) => entered), later()])),
      );
    expect(inside(await ofCustodian([...staff, ...staff], B))).toBe(4);
    expect(inside(await ofCustodian(staff, C))).toBe(4);
    expect(inside(await enterAll(staff.slice(0, 4)))).toBe(4);
    const patients = Array.from({ length: 8 }, (_none, index) => patient(A, `psn-${index}`));
    expect(inside(await ofCustodian(patients, B))).toBe(2);
    expect(inside(await enterAll([patient(A, 'psn-own')]))).toBe(1);
  });
});
