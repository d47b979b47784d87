import { type SenderPlace, SenderPlaces } from './sender-places';

const bounds = { places: 4, placesOfOne: 2, roomBytes: 100, roomBytesOfOne: 60 };

describe('the places of a server', () => {
  let places: SenderPlaces;
  let gone: string[];
  beforeEach(() => {
    places = new SenderPlaces(bounds);
    gone = [];
  });
  const enter = (name: string, from = name): SenderPlace | undefined => places.enter(from, () => gone.push(name));
  const speaking = (name: string, from = name): SenderPlace => {
    const place = enter(name, from);
    if (place === undefined) throw new Error(name);
    place.spoke();
    return place;
  };

  it('let the oldest mute one of an address give way to who comes from there', () => {
    for (const name of ['a1', 'a2', 'a3']) enter(name, 'a');
    expect(gone).toEqual(['a1']);
  });

  it('let the oldest mute one of whoever has the most of them give way, where all are full', () => {
    enter('old', 'x');
    for (const name of ['a1', 'a2']) enter(name, 'a');
    enter('b');
    expect(enter('new')).toBeDefined();
    expect(gone).toEqual(['a1']);
  });

  const certified = (name: string, certificate: string): SenderPlace => {
    const place = speaking(name);
    if (!place.isNamed(certificate)) throw new Error(name);
    return place;
  };

  it('take nothing from who has spoken and shown a certificate, and refuse who comes where all have', () => {
    for (const [name, certificate] of [
      ['a1', 'A'],
      ['a2', 'A'],
      ['b', 'B'],
      ['c', 'C'],
    ] as const)
      certified(name, certificate);
    expect(enter('d')).toBeUndefined();
    expect(gone).toEqual([]);
  });

  it('let the one without a certificate that has been silent the longest give way, where all have spoken', () => {
    const [first] = [speaking('a1', 'a'), speaking('a2', 'a')];
    certified('b', 'B');
    certified('c', 'C');
    first.spoke();
    expect(enter('d')).toBeDefined();
    expect(gone).toEqual(['a2']);
    expect(enter('e')).toBeDefined();
    expect(gone).toEqual(['a2', 'd']);
  });

  it('let one of the same address give way to who comes from there, where all of them have spoken', () => {
    const [first] = [speaking('a1', 'a'), speaking('a2', 'a')];
    speaking('b');
    first.spoke();
    expect(enter('a3', 'a')).toBeDefined();
    expect(gone).toEqual(['a2']);
  });

  it('count who shows a certificate by it, and by their address no more', () => {
    const [first, second] = [speaking('a1', 'a'), speaking('a2', 'a')];
    expect(first.isNamed('certificate')).toBe(true);
    expect(enter('a3', 'a')).toBeDefined();
    expect(second.isNamed('certificate')).toBe(true);
    expect(enter('a4', 'a')?.isNamed('certificate')).toBe(false);
    expect(gone).toEqual([]);
  });

  it('give back what is left', () => {
    const [first] = [speaking('a1', 'a'), speaking('a2', 'a')];
    first.leave();
    expect(enter('a3', 'a')).toBeDefined();
    expect(gone).toEqual([]);
  });

  it('let a mute one that holds room give way, first of the same address', () => {
    expect(enter('a1', 'a')?.take(60)).toBe(true);
    expect(enter('b')?.take(40)).toBe(true);
    expect(speaking('a2', 'a').take(30)).toBe(true);
    expect(gone).toEqual(['a1']);
    expect(speaking('c').take(40)).toBe(true);
    expect(gone).toEqual(['a1', 'b']);
  });

  it('refuse room to a certificate that has its share, and leave that of others', () => {
    expect(certified('a1', 'A').take(50)).toBe(true);
    expect(certified('a2', 'A').take(20)).toBe(false);
    expect(certified('b', 'B').take(50)).toBe(true);
    expect(certified('c', 'C').take(10)).toBe(false);
    expect(gone).toEqual([]);
  });

  it('let one without a certificate that holds room give way, though it has spoken', () => {
    expect(speaking('a').take(50)).toBe(true);
    expect(certified('b', 'B').take(50)).toBe(true);
    expect(speaking('c').take(10)).toBe(true);
    expect(gone).toEqual(['a']);
  });
});
