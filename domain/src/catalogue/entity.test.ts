import { type Instant, instantOf } from '../instant';
import { nameSchema } from '../ids';
import { defineEntity, idPart, indexPart, newestFirstPart, versionPart } from './entity';

describe('the parts of a ledger key', () => {
  it('have their names, by which the page of keys knows them', () => {
    expect([idPart('cardId'), versionPart('version'), newestFirstPart('at'), indexPart('index')].map(({ name }) => name)).toEqual([
      'cardId',
      'version',
      'at',
      'index',
    ]);
  });
  it('spell an id as it is', () => {
    expect(idPart('cardId').spell('c-_9Z')).toBe('c-_9Z');
  });
  it('spell a version with six digits and an index with three, so that they sort as the numbers do', () => {
    expect([1, 42, 999_999].map((version) => versionPart('version').spell(version))).toEqual(['000001', '000042', '999999']);
    expect([0, 12, 999].map((index) => indexPart('index').spell(index))).toEqual(['000', '012', '999']);
  });
  it('spell an instant by what is left of it until 2286, the newest first', () => {
    const part = newestFirstPart('at');
    expect(
      [0, 1, 1_777_622_400_000, 9_999_999_999_998, 9_999_999_999_999].map((milliseconds) => part.spell(instantOf(milliseconds))),
    ).toEqual(['9999999999999', '9999999999998', '8222377599999', '0000000000001', '0000000000000']);
  });
  it.each([
    ['before 1970', '1969-12-31T23:59:59.999Z'],
    ['after 2286', '2286-11-20T17:46:40.000Z'],
    ['that is none', 'today'],
  ])('spell no instant %s', (_when, text) => {
    expect(() => newestFirstPart('at').spell(text as Instant)).toThrow('the time lies outside of what a key can hold');
  });
});

describe('an entity', () => {
  it('is what is declared of it', () => {
    const declared = {
      objectType: 'thing',
      summary: 'A thing.',
      schema: nameSchema,
      key: [idPart<string>('name')],
      keyOf: (name: string): readonly [string] => [name],
      endorsement: 'channel',
    } as const;
    expect(defineEntity(declared)).toBe(declared);
  });
});
