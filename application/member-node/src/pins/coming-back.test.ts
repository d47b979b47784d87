import { type GuessKeeper, type KeptGuess } from '@lianyi/client/pins';
import { DomainError, pseudonymSchema, sha256, termsMacSchema } from '@lianyi/domain';
import { A, B, C, codeOf, hex, type PinWorld, RIGHT, seed, stage, WRONG } from './pin-world.fixture';

/** What each lying member would show. */
const lies: readonly [string, (pin: PinWorld['pin'], vault: Vault) => Partial<PinWorld['pin']>][] = [
  [
    'another seal',
    (_pin, vault) => ({ vault: { ...vault, sealed: `${vault.sealed.startsWith('B') ? 'C' : 'B'}${vault.sealed.slice(1)}` } }),
  ],
  ['another key of a right guess', (_pin, vault) => ({ vault: { ...vault, openKeyHash: sha256('other') } })],
  ['other commitments', (_pin, vault) => ({ vault: { ...vault, commitments: [...vault.commitments].reverse() } })],
  ['other holders', (_pin, vault) => ({ vault: { ...vault, holders: [B, A, C] } })],
  ['fewer that are enough', (_pin, vault) => ({ vault: { ...vault, threshold: 3 } })],
  [
    'another key to which a share is sealed',
    (_pin, vault) => ({ vault: { ...vault, shares: vault.shares.map((share) => ({ ...share, keyHash: sha256('m') })) } }),
  ],
  ['another MAC', (_pin, vault) => ({ vault: { ...vault, termsMac: termsMacSchema.parse(sha256('mac')) } })],
  ['another pseudonym', () => ({ pseudonym: pseudonymSchema.parse('p-other') })],
  ['another key of the code', () => ({ finderKeyHash: sha256('other') })],
];

describe('a node that lies to who comes back', () => {
  it.each(lies)('with %s has no guess signed, alone or with another that lies the same', async (_what, lie) => {
    const world = await stage();
    const lying = world.ledger((pin) => ({ ...pin, ...lie(pin, vaultOf(world)) }));
    expect(await codeOf(world.guess(RIGHT, world.code, { ledger: lying }))).toBe('ANSWER_DIFFERS');
    expect(await codeOf(world.guess(RIGHT, world.code, { ledger: lying, witness: lying }))).toBe('ANSWER_DIFFERS');
    expect(world.pin.attempts).toBe(0);
  });

  it.each<[string, (pin: PinWorld['pin']) => PinWorld['pin'] | undefined]>([
    ['fewer guesses than there were', (pin) => ({ ...pin, attempts: pin.attempts - 1 })],
    ['more guesses', (pin) => ({ ...pin, attempts: pin.attempts + 3 })],
    ['that all are used up', (pin) => ({ ...pin, attempts: pin.confirmed + 10 })],
    ['that there is none', () => undefined],
  ])(
    'with %s has no guess signed where another member is asked as well',
    async (_what, lie) => {
      const world = await stage();
      await codeOf(world.guess(WRONG));
      const [honest, lying] = [world.ledger(), world.ledger(lie)];
      expect(await codeOf(world.guess(RIGHT, world.code, { ledger: lying, witness: honest }))).toBe('ANSWER_DIFFERS');
      expect(await codeOf(world.guess(RIGHT, world.code, { ledger: honest, witness: lying }))).toBe('ANSWER_DIFFERS');
      expect(world.pin.attempts).toBe(1);
      expect(hex((await world.guess(RIGHT, world.code, { ledger: honest, witness: honest })).seed)).toBe(hex(seed));
    },
    30_000,
  );
});

describe('a guess whose answer was lost', () => {
  /** As a folder of a machine would keep it. */
  class Kept implements GuessKeeper {
    guess: KeptGuess | undefined;
    kept = (): Promise<KeptGuess | undefined> => Promise.resolve(this.guess);
    keep = (guess: KeptGuess): Promise<void> => {
      this.guess = guess;
      return Promise.resolve();
    };
    forget = ({ blinded }: KeptGuess): Promise<void> => {
      if (this.guess?.blinded === blinded) this.guess = undefined;
      return Promise.resolve();
    };
    inTurn = <Result>(action: () => Promise<Result>): Promise<Result> => {
      const mine = this.#last.then(action);
      this.#last = mine.catch(() => undefined);
      return mine;
    };
    #last: Promise<unknown> = Promise.resolve();
  }
  const lost = { ask: () => Promise.reject(new DomainError('MEMBER_UNAVAILABLE')) } as never;
  /** A right guess was counted, and the program was killed. */
  async function counted(): Promise<{ readonly world: PinWorld; readonly keeper: Kept }> {
    const [world, keeper] = [await stage(), new Kept()];
    await codeOf(world.guess(RIGHT, world.code, { keeper, node: lost }));
    expect(world.pin).toMatchObject({ attempts: 1, state: 'tried' });
    return { world, keeper };
  }

  it('is gone on with, and no other is used', async () => {
    const { world, keeper } = await counted();
    const back = await world.guess(RIGHT, world.code, { keeper });
    expect([hex(back.seed), await back.unconfirmed]).toEqual([hex(seed), undefined]);
    expect(world.pin).toMatchObject({ attempts: 1, confirmed: 1 });
  });

  it('is gone on with where it was the tenth: only then is it said that the PIN is closed', async () => {
    const [world, keeper] = [await stage(), new Kept()];
    world.forgeTried(9);
    await codeOf(world.guess(RIGHT, world.code, { keeper, node: lost }));
    expect(world.pin).toMatchObject({ attempts: 10, state: 'exhausted' });
    // without what was kept, with another PIN, or of another code nothing is signed any more
    expect(await codeOf(world.guess(RIGHT))).toBe('PIN_CLOSED');
    expect(await codeOf(world.guess('161803', world.code, { keeper }))).toBe('PIN_CLOSED');
    const back = await world.guess(RIGHT, world.code, { keeper });
    expect([hex(back.seed), await back.unconfirmed]).toEqual([hex(seed), undefined]);
    expect(world.pin).toMatchObject({ attempts: 10, confirmed: 10, state: 'open' });
  });

  it('is not gone on with where it was the tenth and is over', async () => {
    const [world, keeper] = [await stage(), new Kept()];
    world.forgeTried(9);
    await codeOf(world.guess(RIGHT, world.code, { keeper, node: lost }));
    world.later(600_000);
    expect(await codeOf(world.guess(RIGHT, world.code, { keeper }))).toBe('PIN_CLOSED');
  });

  it('is one for two programs at a time, and neither removes what the other has kept', async () => {
    const [world, keeper] = [await stage(), new Kept()];
    const backs = await Promise.all([1, 2].map(() => world.guess(RIGHT, world.code, { keeper })));
    expect(backs.map((back) => hex(back.seed))).toEqual([hex(seed), hex(seed)]);
    expect(world.pin.attempts).toBe(1);
    const { guess } = keeper;
    await backs[0]?.used();
    expect([guess === undefined, keeper.guess]).toEqual([false, undefined]);
    await codeOf(world.guess(RIGHT, world.code, { keeper, node: lost }));
    const kept = keeper.guess;
    await backs[1]?.used();
    expect([kept?.attempt, keeper.guess]).toEqual([2, kept]);
  });

  it('is replaced by none where it cannot be read: nothing is signed', async () => {
    const { world, keeper } = await counted();
    keeper.kept = () => Promise.reject(new DomainError('KEPT_GUESS_UNREADABLE'));
    expect(await codeOf(world.guess(RIGHT, world.code, { keeper }))).toBe('KEPT_GUESS_UNREADABLE');
    expect(world.pin.attempts).toBe(1);
  });

  it('stays kept until the seed is', async () => {
    const { world, keeper } = await counted();
    const back = await world.guess(RIGHT, world.code, { keeper });
    expect(keeper.guess).toBeDefined();
    await back.used();
    expect(keeper.guess).toBeUndefined();
  });

  it('is called wrong once, and forgotten', async () => {
    const [world, keeper] = [await stage(), new Kept()];
    await codeOf(world.guess(WRONG, world.code, { keeper, node: lost }));
    await expect(world.guess(WRONG, world.code, { keeper })).rejects.toMatchObject({ code: 'PIN_WRONG', details: { left: 9 } });
    expect([keeper.guess, world.pin.attempts]).toEqual([undefined, 1]);
  });

  it('is sent once more where it was kept and never counted', async () => {
    const [world, keeper] = [await stage(), new Kept()];
    const deaf = { ...world.ledger(), submit: () => Promise.reject(new DomainError('MEMBER_UNAVAILABLE')) } as unknown as ReturnType<
      PinWorld['ledger']
    >;
    await codeOf(world.guess(RIGHT, world.code, { keeper, ledger: deaf }));
    const kept = keeper.guess?.blinded;
    await world.guess(RIGHT, world.code, { keeper });
    expect(world.pin).toMatchObject({ attempts: 1, guess: { blinded: kept } });
  });

  it.each<[string, (world: PinWorld) => void, string]>([
    [
      'after ten minutes',
      (world) => {
        world.later(600_000);
      },
      RIGHT,
    ],
    ['for another PIN', () => undefined, '161803'],
  ])('is another guess %s', async (_what, bend, pin) => {
    const { world, keeper } = await counted();
    bend(world);
    await codeOf(world.guess(pin, world.code, { keeper }));
    expect(world.pin.attempts).toBe(2);
  });

  it('is of no use to who has not kept it', async () => {
    const { world } = await counted();
    await world.guess(RIGHT);
    expect(world.pin.attempts).toBe(2);
  });
});

type Vault = Exclude<PinWorld['pin']['vault'], undefined>;
function vaultOf({ pin: { vault } }: PinWorld): Vault {
  if (vault === undefined) throw new Error('removed');
  return vault;
}
