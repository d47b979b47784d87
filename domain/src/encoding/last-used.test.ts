import { LastUsed } from './last-used';

describe('what was made of texts', () => {
  function asked(most: number): { readonly made: string[]; readonly ask: (...texts: readonly string[]) => void } {
    const known = new LastUsed<string>(most);
    const made: string[] = [];
    const make = (text: string) => (): string => {
      made.push(text);
      return `${text}!`;
    };
    const ask = (...texts: readonly string[]): void => {
      for (const text of texts) expect(known.of(text, make(text))).toBe(`${text}!`);
    };
    return { made, ask };
  }

  it('is made once', () => {
    const { made, ask } = asked(2);
    ask('a', 'b', 'a', 'b', 'a');
    expect(made).toEqual(['a', 'b']);
  });

  it('is forgotten of that which was asked about longest ago, and made again', () => {
    const { made, ask } = asked(2);
    ask('a', 'b', 'a', 'c', 'a', 'b');
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('is not remembered where it could not be made', () => {
    const known = new LastUsed<string>(2);
    expect(known.of('a', () => undefined)).toBeUndefined();
    expect(known.of('a', () => 'now')).toBe('now');
  });
});
