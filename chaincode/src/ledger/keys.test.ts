import {
  actorTagSchema,
  type Entity,
  entities,
  indexPart,
  type Instant,
  instantSchema,
  mspIdSchema,
  newestFirstPart,
  pseudonymSchema,
  recordIdSchema,
  ticketIdSchema,
  versionPart,
} from '@lianyi/domain';
import fc from 'fast-check';
import { keyOf, prefixOf } from './keys';
import { type Repositories } from './repositories';

const all = Object.values<Entity>(entities);
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const pseudonym = pseudonymSchema.parse('psn');
const recordId = recordIdSchema.parse('rec');
const mspId = mspIdSchema.parse('AlphaMSP');
const actorTag = actorTagSchema.parse('tag');
const ticketId = ticketIdSchema.parse('ticket');
const at = instantSchema.parse('2026-01-15T08:00:00.000Z');
const words = (key: string): string => key.replaceAll('\u0000', '|');

describe('ledger keys', () => {
  it('has one object type for each entity', () => {
    const types = all.map((entity) => entity.objectType);
    expect(new Set(types).size).toBe(types.length);
  });

  it('spells a key as Fabric spells composite keys', () => {
    expect(keyOf(entities.records, [pseudonym, recordId])).toBe('\u0000record\u0000psn\u0000rec\u0000');
  });

  it.each([
    [keyOf(entities.parameters, ['network']), '|parameter|network|'],
    [keyOf(entities.staff, [mspId, actorTag]), '|staff|AlphaMSP|tag|'],
    [keyOf(entities.grants, [pseudonym, 'person', mspId, actorTag]), '|grant|psn|person|AlphaMSP|tag|'],
    [keyOf(entities.recordVersions, [pseudonym, recordId, 12]), '|recordVersion|psn|rec|000012|'],
    [keyOf(entities.tickets, [ticketId]), '|access|ticket|'],
    [keyOf(entities.accessEvents, [pseudonym, at, 'tx', 7]), '|accessEvent|psn|8231535999999|tx|007|'],
    [keyOf(entities.envelopes, [pseudonym, recordId, 1]), '|envelope|psn|rec|000001|'],
  ])('keeps the bytes of its keys: %j', (key, expected) => {
    expect(words(key)).toBe(expected);
  });

  it('never gives one key to two different entities', () => {
    fc.assert(
      fc.property(
        fc.nat(all.length - 1),
        fc.nat(all.length - 1),
        fc.array(id, { minLength: 4, maxLength: 4 }),
        fc.array(id, { minLength: 4, maxLength: 4 }),
        (i, j, left, right) => {
          const partsAt = (index: number, parts: string[]): string[] => parts.slice(0, all[index]?.key.length);
          const build = (index: number, parts: string[]): string => prefixOf(all[index]?.objectType ?? '', partsAt(index, parts));
          const same = i === j && partsAt(i, left).join() === partsAt(j, right).join();
          return (build(i, left) === build(j, right)) === same;
        },
      ),
    );
  });

  it.each(['', 'a\u0000b', 'a b', 'é', 'a/b', 'x'.repeat(65), '\ud800', '..', 'a\n'])('refuses %j as a key part', (part) => {
    expect(() => prefixOf('record', ['p1', part])).toThrow('not an id');
    expect(() => prefixOf('record', [part, 'r1'])).toThrow('not an id');
  });

  it('takes any string either as exactly itself or not at all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
        (text) => {
          const isId = /^[A-Za-z0-9_-]{1,64}$/.test(text) && !text.endsWith('\n');
          try {
            return prefixOf('organisation', [text]) === `\u0000organisation\u0000${text}\u0000` && isId;
          } catch (error) {
            return !isId && String(error).includes('not an id');
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('orders versions and lines as numbers, and times newest first', () => {
    const time = newestFirstPart('time');
    const instant = (milliseconds: number): Instant => instantSchema.parse(new Date(milliseconds).toISOString());
    expect([2, 10, 9, 1].map((version) => versionPart('version').spell(version)).sort()).toEqual(['000001', '000002', '000009', '000010']);
    expect([2, 10].map((index) => indexPart('index').spell(index)).sort()).toEqual(['002', '010']);
    expect(time.spell(instant(2_000)) < time.spell(instant(1_000))).toBe(true);
    expect(time.spell(instant(0))).toHaveLength(13);
  });

  it.each(['1969-12-31T23:59:59.999Z', '2286-11-20T17:46:40.000Z', 'never'])('refuses the time %p', (time) => {
    // an Instant may lie before 1970 and after 2286; the last is none at all
    expect(() => newestFirstPart('time').spell(time as Instant)).toThrow('outside of what a key can hold');
  });
});

describe('the types of keys', () => {
  // tsc checks the tests: an id in the place of another does not compile, and neither does an expectation of an error that is none
  const never = (): boolean => false;
  const unknown = (value: unknown): unknown => value;

  it('do not let ids be swapped', () => {
    const use = (ledger: Repositories): void => {
      void ledger.staff.find(mspId, actorTag);
      // @ts-expect-error -- the MSP comes first
      void ledger.staff.find(actorTag, mspId);
      void ledger.records.find(pseudonym, recordId);
      // @ts-expect-error -- the pseudonym comes first
      void ledger.records.get(recordId, pseudonym);
      // @ts-expect-error -- a ticket is found by its id
      void ledger.tickets.find(recordId);
      // @ts-expect-error -- a text is no id before it is parsed
      void ledger.tickets.find('ticket');
      // @ts-expect-error -- a key part is missing
      void ledger.records.find(pseudonym);
      // @ts-expect-error -- one key part too many
      void ledger.cards.find(pseudonym, recordId);
      void ledger.records.list([pseudonym], { limit: 1 });
      // @ts-expect-error -- a list goes by the first parts
      void ledger.records.list([recordId], { limit: 1 });
      // @ts-expect-error -- private data are opened by their owner
      unknown(ledger.envelopes);
      // @ts-expect-error -- the channel's data are not private
      unknown(ledger.own({ mspId }).records);
      // @ts-expect-error -- keys are spelled from the same types
      keyOf(entities.recordVersions, [recordId, pseudonym, 1]);
    };
    if (never()) use(undefined as unknown as Repositories);
    expect(use).toHaveLength(1);
  });
});
