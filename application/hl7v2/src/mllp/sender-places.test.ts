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

  it('take nothing from who has spoken, and refuse who comes where all have', () => {
    speaking('a1', 'a');
    speaking('a2', 'a');
    expect(enter('a3', 'a')).toBeUndefined();
    speaking('b');
    speaking('c');
    expect(enter('d')).toBeUndefined();
    expect(gone).toEqual([]);
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

  it('refuse room to an address that has its share, and leave that of others', () => {
    expect(speaking('a1', 'a').take(50)).toBe(true);
    expect(speaking('a2', 'a').take(20)).toBe(false);
    expect(speaking('b').take(50)).toBe(true);
    expect(speaking('c').take(10)).toBe(false);
    expect(gone).toEqual([]);
  });
});
