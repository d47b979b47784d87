import { createHash } from 'node:crypto';
import { joinBySizes, joinByTime, joinByTokens, joinSlotsByTime } from './attacks';
import { assess } from './assess';
import { type Observation } from './observe';
import { adjustedRandIndex } from './rand-index';

const HOSPITALS = ['A', 'B', 'C'];
const nameOf = (...parts: readonly (number | string)[]): string => createHash('sha256').update(parts.join()).digest('base64url');

/** Ninety patients at three hospitals, whose things have nothing in common but what is planted. */
function population(planted: (patient: number, hospital: number) => Partial<Observation> = () => ({})) {
  const truth = new Map<string, string>();
  const observations: Observation[] = [];
  for (let hospital = 0; hospital < HOSPITALS.length; hospital += 1) {
    for (let patient = 0; patient < 90; patient += 1) {
      const id = nameOf('id', patient, hospital);
      const own = new Set([id, nameOf('key', patient, hospital)]);
      const { tokens = [], ...rest } = planted(patient, hospital);
      truth.set(id, `patient-${patient}`);
      observations.push({
        ...{ id, kind: 'pseudonym', carrier: HOSPITALS[hospital] ?? '' },
        ...{ sizes: [1_000, 300, 40], places: [(patient * 37 + hospital * 101) % 90] },
        ...rest,
        tokens: new Set([...own, ...tokens]),
      });
    }
  }
  return { observations, truth };
}

describe('the adjusted Rand index', () => {
  it.each([
    ['the same partition by other names', ['a', 'a', 'b', 'b'], ['x', 'x', 'y', 'y'], 1],
    ['nothing joined', ['a', 'b', 'c', 'd'], ['x', 'x', 'y', 'y'], 0],
    ['everything joined', ['a', 'a', 'a', 'a'], ['x', 'x', 'y', 'y'], 0],
    ['the wrong pairs, which is worse than chance', ['a', 'b', 'a', 'b'], ['x', 'x', 'y', 'y'], -0.5],
  ])('of %s', (_what, found, truth, expected) => {
    expect(adjustedRandIndex(found, truth)).toBeCloseTo(expected, 10);
  });

  it('is what scikit-learn’s documentation has for two unlike partitions', () => {
    expect(adjustedRandIndex(['0', '0', '1', '2'], ['0', '0', '1', '1'])).toBeCloseTo(0.571_428, 5);
  });
});

describe('the attack', () => {
  it('finds nothing where there is nothing', () => {
    const { observations, truth } = population();
    const found = assess(observations, truth);
    expect(found).toMatchObject({ things: 270, shared: [], byTokens: 0 });
    expect(Math.abs(found.bySizes)).toBeLessThan(0.05);
  });

  it.each([
    ['one key for all hospitals', (patient: number) => nameOf('shared', patient)],
    ['one token of two hospitals only', (patient: number, hospital: number) => nameOf('shared', patient, Number(hospital > 0))],
  ])('finds out by %s', (_what, tokenOf) => {
    const { observations, truth } = population((patient, hospital) => ({ tokens: new Set([tokenOf(patient, hospital)]) }));
    const { partition, shared } = joinByTokens(observations);
    expect(shared).toHaveLength(90);
    expect(
      adjustedRandIndex(
        partition,
        observations.map(({ id }) => truth.get(id) ?? ''),
      ),
    ).toBeGreaterThan(0.3);
  });

  it('is not misled by what everybody shows', () => {
    const { observations } = population(() => ({ tokens: new Set(['HospitalAMSP-everybody']) }));
    expect(joinByTokens(observations).shared).toEqual([]);
  });

  it('finds out by a value at one hospital that a value at another one is the hash of', () => {
    const { observations, truth } = population((patient, hospital) => {
      const secret = nameOf('secret', patient);
      const hash = createHash('sha256')
        .update(Buffer.from(secret, 'base64url'))
        .digest(hospital === 1 ? 'base64url' : 'hex');
      return { tokens: new Set([hospital === 0 ? secret : hash]) };
    });
    const { partition } = joinByTokens(observations);
    expect(
      adjustedRandIndex(
        partition,
        observations.map(({ id }) => truth.get(id) ?? ''),
      ),
    ).toBe(1);
  });

  it('finds out by a size that follows the patient, and by a time', () => {
    const sized = population((patient) => ({ sizes: [1_000 + patient, 300, 40] }));
    const truthOf = ({ observations, truth }: typeof sized): readonly string[] => observations.map(({ id }) => truth.get(id) ?? '');
    expect(adjustedRandIndex(joinBySizes(sized.observations), truthOf(sized))).toBe(1);
    const timed = population((patient, hospital) => ({ places: [patient * 10 + hospital] }));
    expect(adjustedRandIndex(joinByTime(timed.observations), truthOf(timed))).toBe(1);
  });

  it('finds out by time which slot is of which pseudonym', () => {
    const observations = Array.from({ length: 20 }, (_none, index): Observation[] => [
      { id: `p${index}`, kind: 'pseudonym', carrier: 'A', tokens: new Set(), sizes: [], places: [index * 10] },
      { id: `s${index}`, kind: 'slot', carrier: 'A', tokens: new Set(), sizes: [], places: [index * 10 + 1] },
    ]).flat();
    expect(
      adjustedRandIndex(
        joinSlotsByTime(observations),
        observations.map(({ id }) => id.slice(1)),
      ),
    ).toBe(1);
  });

  it('says nothing of what it has not seen', () => {
    const { observations, truth } = population();
    expect(() => assess(observations.slice(1), truth)).toThrow('269 of 270');
  });
});
