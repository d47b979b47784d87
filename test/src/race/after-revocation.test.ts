import { type PlacedEvent, tallyOf } from './after-revocation';

const chain = (...events: readonly (readonly [pseudonym: string, name: PlacedEvent['name']])[]): readonly PlacedEvent[] =>
  events.map(([pseudonym, name], place) => ({ place: String(place), name, pseudonym }));

describe('the count of a race', () => {
  it('finds every permit and release between a revocation and the next grant of that patient', () => {
    const { afterRevocation, ...counted } = tallyOf(
      chain(
        ...([
          ['p', 'PolicyGranted'],
          ['q', 'PolicyGranted'],
          ['p', 'AccessPermitted'],
          ['p', 'PolicyRevoked'],
          ['p', 'KeyReleased'],
          ['q', 'KeyReleased'],
          ['p', 'AccessDenied'],
          ['p', 'AccessPermitted'],
          ['p', 'PolicyGranted'],
          ['p', 'KeyReleased'],
        ] as const),
      ),
    );
    expect(afterRevocation).toEqual(['KeyReleased: 4', 'AccessPermitted: 7']);
    expect(counted).toEqual({ permits: 2, denials: 1, releases: 3, revocations: 1 });
  });
});
