import { newPrivateKey } from '@lianyi/client';
import { groupElementSchema, sha256 } from '@lianyi/domain';
import { commitmentsOf } from '@lianyi/domain/oblivious';
import { A, B, C, codeOf, hex, hospitals, type PinWorld, RIGHT, seed, stage, WRONG } from './pin-world.fixture';

describe('a wallet that comes back by a PIN', () => {
  it('has its seed after one guess, and the wrong guesses before are forgiven', async () => {
    const world = await stage();
    for (let left = 9; left >= 1; left -= 1)
      await expect(world.guess(WRONG)).rejects.toMatchObject({ code: 'PIN_WRONG', details: { left } });
    const right = await world.guess(RIGHT);
    expect([hex(right.seed), await right.unconfirmed]).toEqual([hex(seed), undefined]);
    expect(world.pin).toMatchObject({ state: 'open', attempts: 10, confirmed: 10 });
    await expect(world.guess(WRONG)).rejects.toMatchObject({ code: 'PIN_WRONG', details: { left: 9 } });
  });

  it('never comes back after ten wrong guesses, by the right one neither, and asks nobody', async () => {
    const world = await stage();
    for (let guess = 0; guess < 10; guess += 1) await codeOf(world.guess(WRONG));
    expect(await codeOf(world.guess(RIGHT))).toBe('PIN_CLOSED');
    expect(world.pin).toMatchObject({ state: 'exhausted', attempts: 10, confirmed: 0 });
  });

  it.each(hospitals)('comes back without %s', async (mspId) => {
    const world = await stage();
    world.silent.add(mspId);
    expect(hex((await world.guess(RIGHT)).seed)).toBe(hex(seed));
  });

  it('does not come back with fewer hospitals than it takes, and the guess is counted', async () => {
    const world = await stage();
    for (const mspId of [B, C]) world.silent.add(mspId);
    await expect(world.guess(RIGHT)).rejects.toMatchObject({ code: 'EVALUATIONS_MISSING', details: { answered: 1, needed: 2 } });
    expect(world.pin).toMatchObject({ state: 'tried', attempts: 1 });
  });

  it.each([
    ['12345', 'PIN_INVALID', 'length'],
    ['1234567890123', 'PIN_INVALID', 'length'],
    ['', 'PIN_INVALID', 'length'],
    ['123456', 'PIN_INVALID', 'easy'],
    ['098765', 'PIN_INVALID', 'easy'],
    ['777777', 'PIN_INVALID', 'easy'],
    ['27182x', 'PIN_INVALID', 'digits'],
    ['２７１８２８', 'PIN_INVALID', 'digits'],
  ])('takes %p for no PIN, and uses up no guess', async (pin, code, obstacle) => {
    const world = await stage();
    await expect(world.guess(pin)).rejects.toMatchObject({ code, details: { obstacle } });
    expect(world.pin.attempts).toBe(0);
  });

  it('names a code with a typing error as one, and uses up no guess', async () => {
    const world = await stage();
    const typed = `${world.code.slice(0, -1)}${world.code.endsWith('0') ? '1' : '0'}`;
    expect(await codeOf(world.guess(RIGHT, typed))).toBe('RECOVERY_CODE_INVALID');
    expect(await codeOf(world.guess(RIGHT, world.code.slice(2)))).toBe('RECOVERY_CODE_INVALID');
    expect(hex((await world.guess(RIGHT, world.code.toLowerCase().replaceAll('-', ' '))).seed)).toBe(hex(seed));
  });

  it('finds nothing by another code', async () => {
    const [world, other] = [await stage(), await stage()];
    expect(await codeOf(world.guess(RIGHT, other.code))).toBe('NOTHING_TO_RECOVER');
  });
});

describe('a node that is asked for a guess', () => {
  /** A world in which somebody has guessed once, and nobody has proved it right. */
  async function guessed(): Promise<{
    readonly world: PinWorld;
    readonly named: { readonly pinId: PinWorld['pin']['pinId']; readonly attempt: number };
  }> {
    const world = await stage();
    await codeOf(world.guess(WRONG));
    return { world, named: { pinId: world.pin.pinId, attempt: 1 } };
  }

  it('answers the last one, and the same again the same', async () => {
    const { world, named } = await guessed();
    const [first, again] = [await world.node(B).answer(named), await world.node(B).answer(named)];
    expect(again.evaluated).toEqual(first.evaluated);
  });

  it.each<[string, (world: PinWorld) => void, number, string]>([
    ['is not committed', () => undefined, 2, 'NOT_FOUND'],
    [
      'was made ten minutes ago',
      (world) => {
        world.later(600_000);
      },
      1,
      'EVALUATION_OVER',
    ],
    [
      'will be made',
      (world) => {
        world.later(-600_000);
      },
      1,
      'EVALUATION_OVER',
    ],
    [
      'is at a PIN that was removed',
      (world) => {
        world.forge(withoutVault(world));
      },
      1,
      'NOT_FOUND',
    ],
  ])('does not answer what %s', async (_what, bend, attempt, code) => {
    const { world, named } = await guessed();
    bend(world);
    expect(await codeOf(world.node(B).answer({ ...named, attempt }))).toBe(code);
  });

  it('does not answer one before the last', async () => {
    const { world, named } = await guessed();
    await codeOf(world.guess(WRONG));
    expect(await codeOf(world.node(B).answer(named))).toBe('VERSION_CONFLICT');
  });

  it('answers ten and no more, though the state says that nobody has guessed', async () => {
    const { world } = await guessed();
    const codes: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      world.forge({ state: 'open', confirmed: world.pin.attempts });
      codes.push(await codeOf(world.guess(WRONG)));
    }
    expect(codes.filter((code) => code === 'PIN_WRONG')).toHaveLength(9);
    expect(codes.filter((code) => code === 'EVALUATIONS_MISSING')).toHaveLength(3);
  });

  it.each<[string, (vault: Vault) => Partial<Vault>]>([
    ['another key proves a right guess', () => ({ openKeyHash: sha256('the majority’s key') })],
    ['fewer would be enough', () => ({ threshold: 3 })],
    ['other commitments stand there', ({ commitments }) => ({ commitments: [...commitments].reverse() })],
    ['another seed is sealed', ({ sealed }) => ({ sealed: `${sealed.startsWith('B') ? 'C' : 'B'}${sealed.slice(1)}` })],
    [
      'the shares were changed places',
      ({ shares }) => ({ shares: shares.map((share, index) => ({ ...share, sealed: shares[(index + 1) % 3]?.sealed ?? '' })) }),
    ],
  ])('takes no part where %s, whoever has written that', async (_what, change) => {
    const { world, named } = await guessed();
    world.forge({ vault: { ...vaultOf(world), ...change(vaultOf(world)) } });
    expect(await codeOf(world.node(B).answer(named))).toBe('SHARE_WRONG');
  });

  it('takes no part in a copy of the entry under another code, which would have guesses of its own', async () => {
    const [world, other] = [await stage(), await stage()];
    for (const mspId of hospitals) other.keys.set(mspId, world.keyOf(mspId));
    await other.set();
    other.forge({ vault: { ...vaultOf(world) } });
    other.tryBlinded(anElement);
    expect(await codeOf(other.node(B).answer({ pinId: other.pin.pinId, attempt: 1 }))).toBe('SHARE_WRONG');
  });

  it('takes no part with another key than the one to which its share is sealed', async () => {
    const { world, named } = await guessed();
    world.keys.set(B, newPrivateKey());
    expect(await codeOf(world.node(B).answer(named))).toBe('SHARE_WRONG');
    expect(await codeOf(world.node(A).answer(named))).toBe('answered');
  });

  it.each<[string, (world: PinWorld) => void]>([
    ['to another key than its holder has registered', (world) => world.registeredKeys.set(C, world.holder(B).encapsulationKeys)],
    [
      'under another number of the key',
      (world) =>
        world.registeredKeys.set(
          C,
          world.holder(C).encapsulationKeys.map((key) => ({ ...key, epoch: 2 })),
        ),
    ],
    ['for a hospital of which nobody has registered a key', (world) => world.registeredKeys.delete(C)],
  ])('takes no part where a share is sealed %s', async (_what, bend) => {
    const { world, named } = await guessed();
    bend(world);
    await expect(world.node(B).answer(named)).rejects.toMatchObject({ code: 'SHARE_WRONG', details: { mspId: C } });
  });

  it('answers no guess at a PIN that was removed, though a majority brings its entry back', async () => {
    const { world, named } = await guessed();
    world.remove();
    expect(await codeOf(world.node(B).answer(named))).toBe('NOT_FOUND');
    expect(await codeOf(world.holders().collect(named))).toBe('NOT_FOUND');
    await expect(world.guess(RIGHT)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('asks no other hospital for a guess that is over or was not made', async () => {
    const { world, named } = await guessed();
    expect(await codeOf(world.holders().collect({ ...named, attempt: 2 }))).toBe('NOT_FOUND');
    world.later(600_000);
    expect(await codeOf(world.holders().collect(named))).toBe('EVALUATION_OVER');
  });

  it('computes nothing of what is no element of the group', async () => {
    const { world, named } = await guessed();
    const none = groupElementSchema.parse(Buffer.alloc(32, 255).toString('base64url'));
    world.tryBlinded(none);
    expect(await codeOf(world.node(B).answer({ ...named, attempt: 2 }))).toBe('INVALID_REQUEST');
  });
});

const anElement = commitmentsOf([7n])[0] ?? groupElementSchema.parse('');
type Vault = Exclude<PinWorld['pin']['vault'], undefined>;
function vaultOf({ pin: { vault } }: PinWorld): Vault {
  if (vault === undefined) throw new Error('removed');
  return vault;
}
function withoutVault({ pin }: PinWorld): PinWorld['pin'] {
  const removed = { ...pin };
  delete removed.vault;
  return removed;
}
