import { addressOfCaller } from './caller-address';
import { FacadePlaces } from './facade-places';

describe('the connections of a facade', () => {
  let gone: string[];
  let places: FacadePlaces;
  beforeEach(() => {
    gone = [];
    places = new FacadePlaces(3);
  });
  const socketOf = (name: string): Parameters<FacadePlaces['known']>[0] => ({
    remoteAddress: name,
    remotePort: 1,
    localAddress: 'x',
    localPort: 2,
  });
  const enter = (name: string, address = name): void => {
    places.enter(`${name} 1 x 2`, address, () => gone.push(name));
  };

  it('are so many: the oldest over which nobody has shown a token gives way, of whoever has the most', () => {
    enter('old');
    for (const name of ['a1', 'a2', 'b']) enter(name, name.slice(0, 1));
    expect(gone).toEqual(['a1']);
  });

  it('keep an application’s place from a flood of strangers, at its own address too', () => {
    enter('his', 'proxy');
    places.known(socketOf('his'));
    for (let each = 0; each < 20; each += 1) enter(`s${String(each)}`, 'proxy');
    expect(gone).toHaveLength(18);
    expect(gone).not.toContain('his');
  });

  it('are not for who comes where applications have all of them', () => {
    for (const name of ['one', 'two', 'three']) {
      enter(name);
      places.known(socketOf(name));
    }
    enter('four');
    expect(gone).toEqual(['four']);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2/64'],
    ['2001:db8::9', '2001:db8::/64'],
  ])('count %s as %s', (ip, expected) => {
    expect(addressOfCaller(ip)).toBe(expected);
  });
});
