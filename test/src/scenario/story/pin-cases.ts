import { existsSync, readFileSync } from 'node:fs';
import { type Back, lostWallets } from './lost-wallets';
import { type GetWorld } from './world';

const RIGHT = '271828';
const WRONG = '314159';

interface PinShown {
  readonly result: {
    readonly state: string;
    readonly attempts: number;
    readonly confirmed: number;
    readonly vault?: { readonly holders: readonly string[] };
  };
}

/** Feature 22: for who has lost the phrase, too, and has a PIN and a code on paper. */
export function pinCases(world: GetWorld): void {
  const { run, newMachine, fileWith, knownAtTwo, wipe } = lostWallets(world);
  /** A patient who is known at two hospitals and has set a PIN with the pseudonym of A. */
  const withPin = async () => {
    const known = await knownAtTwo();
    const pin = fileWith(`${RIGHT}\n`);
    const args = ['pin', 'set', '--pin-file', pin, '--pseudonym', known.atA];
    // the profile names no witness
    expect(await world().scenario.acts.attempt(known.profile, ...args)).toBe('WITNESS_UNAVAILABLE');
    const set = (await run(known.profile, ...args, '--unwitnessed')) as { readonly code: string };
    world().secrets.push(set.code, set.code.replaceAll('-', ''));
    return { ...known, codeFile: fileWith(`${set.code}\n`) };
  };
  const show = async (profile: string, pseudonym: string): Promise<PinShown['result']> => {
    await world().scenario.catchUp(world().scenario.a);
    return ((await run(profile, 'pin', 'show', '--pseudonym', pseudonym)) as PinShown).result;
  };
  const recoverArgs = (codeFile: string, pin: string): readonly string[] => [
    ...['pin', 'recover', '--code-file', codeFile, '--pin-file', fileWith(pin)],
  ];
  const guess = (profile: string, codeFile: string, pin: string): Promise<string | undefined> =>
    world().scenario.acts.attempt(profile, ...recoverArgs(codeFile, pin));

  it('brings a wallet back through a hospital that does not know the patient; the patient is told of every guess, and wrong ones are forgiven', async () => {
    const { scenario } = world();
    const lost = await withPin();
    wipe(lost.walletFile);
    const { profile, walletFile } = await newMachine(scenario.c);
    await scenario.catchUp(scenario.c);
    expect(await guess(profile, lost.codeFile, WRONG)).toBe('PIN_WRONG');
    await scenario.catchUp(scenario.c);
    expect(await guess(profile, lost.codeFile, '123456')).toBe('PIN_INVALID');
    expect(existsSync(walletFile)).toBe(false);
    const back = (await run(profile, ...recoverArgs(lost.codeFile, RIGHT))) as Back & { readonly unconfirmed?: string };
    expect(back.unconfirmed).toBeUndefined();
    expect(back.recovered.map(({ pseudonym, state }) => [pseudonym, state])).toEqual([
      [lost.atA, 'active'],
      [lost.atB, 'active'],
    ]);
    expect(await show(profile, lost.atA)).toMatchObject({ state: 'open', attempts: 2, confirmed: 2 });
    await scenario.acts.act(profile, 'relationship', 'suspend', '--pseudonym', lost.atB);
    const inbox = JSON.stringify(await run(profile, 'wallet', 'inbox', '--all'));
    expect(inbox.match(/"PinTried"/g)).toHaveLength(2);
    expect(inbox.match(/"PinConfirmed"/g)).toHaveLength(1);
  });

  it('closes after ten wrong guesses in a row, for the right one as well; the phrase goes on, and a new PIN begins anew', async () => {
    const { scenario } = world();
    const lost = await withPin();
    const { profile } = await newMachine(scenario.b);
    for (let count = 0; count < 10; count += 1) {
      await scenario.catchUp(scenario.b);
      expect(await guess(profile, lost.codeFile, WRONG)).toBe('PIN_WRONG');
    }
    await scenario.catchUp(scenario.b);
    expect(await guess(profile, lost.codeFile, RIGHT)).toBe('PIN_CLOSED');
    expect(await show(lost.profile, lost.atA)).toMatchObject({ state: 'exhausted', attempts: 10, confirmed: 0 });
    const set = ['pin', 'set', '--pin-file', fileWith(WRONG), '--pseudonym', lost.atA, '--unwitnessed'];
    const { code } = (await run(lost.profile, ...set)) as { readonly code: string };
    await scenario.catchUp(scenario.b);
    expect(await guess(profile, lost.codeFile, RIGHT)).toBe('NOTHING_TO_RECOVER');
    const back = (await run(profile, ...recoverArgs(fileWith(code), WRONG))) as Back;
    expect(back.recovered).toHaveLength(2);
  });

  it('is taken back by the patient: the code finds nothing any more', async () => {
    const { scenario } = world();
    const lost = await withPin();
    await run(lost.profile, 'pin', 'remove', '--pseudonym', lost.atA);
    await scenario.catchUp(scenario.c);
    const { profile } = await newMachine(scenario.c);
    expect(await guess(profile, lost.codeFile, RIGHT)).toBe('NOTHING_TO_RECOVER');
    const typed = readFileSync(lost.codeFile, 'utf8').trim();
    expect(await guess(profile, fileWith(typed.slice(2)), RIGHT)).toBe('RECOVERY_CODE_INVALID');
    const shown = await show(lost.profile, lost.atA);
    expect([shown.state, shown.vault]).toEqual(['removed', undefined]);
  });
}
