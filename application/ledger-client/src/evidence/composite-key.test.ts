import { entities } from '@lianyi/domain';
import { compositeKey, entryAt, feignedIn } from './composite-key';

const ofGrant = compositeKey('grant', 'psn', 'organisation', 'BMSP', 'all');

describe('what a key of the public state is composed of', () => {
  it.each(Object.values(entities).map(({ objectType, key }) => [objectType, key.length] as const))(
    'is told for a %s',
    (objectType, count) => {
      const parts = Array.from({ length: count }, (_, index) => `part-${index}`);
      expect(entryAt(compositeKey(objectType, ...parts))).toEqual({ objectType, parts });
      expect(feignedIn(compositeKey(objectType, ...parts))).toBeUndefined();
      expect(entryAt(compositeKey(objectType, ...parts, 'more'))).toBeUndefined();
      expect(entryAt(compositeKey(objectType, ...parts.slice(1)))).toBeUndefined();
    },
  );

  it.each<readonly [string, string]>([
    ['has one part more', `${ofGrant}x\u0000`],
    ['has one part less', compositeKey('grant', 'psn', 'organisation', 'BMSP')],
    ['has an empty part', compositeKey('grant', 'psn', 'organisation', '', 'all')],
    ['has an empty part more', `${ofGrant}\u0000`],
    ['does not end', ofGrant.slice(0, -1)],
    ['goes on behind its end', `${ofGrant}x`],
    ['begins with something else', `z${ofGrant}`],
    ['does not begin', ofGrant.slice(1)],
    ['has a part that is no id', compositeKey('grant', 'psn', 'organisation', 'BMSP', 'a b')],
    ['has a part with a byte order mark', compositeKey('grant', 'psn', 'organisation', 'BMSP', '\ufeffall')],
  ])('is nothing where it %s, and it feigns to be of a grant', (_what, key) => {
    expect(entryAt(key)).toBeUndefined();
    expect(feignedIn(key)).toBe('grant');
  });

  it.each([
    ['nothing', ''],
    ['a separator', '\u0000'],
    ['a word', 'grants'],
    ['a kind that nobody knows', compositeKey('grants', 'psn')],
    ['a kind in capitals', compositeKey('GRANT', 'psn')],
  ])('is nothing for %s, which feigns nothing', (_what, key) => {
    expect([entryAt(key), feignedIn(key)]).toEqual([undefined, undefined]);
  });
});
