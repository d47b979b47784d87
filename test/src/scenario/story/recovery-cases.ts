import { existsSync, readFileSync } from 'node:fs';
import { newPrivateKey, publicKeyOf, signSlotCommand } from '@lianyi/client';
import { phraseOf, seedOfPhrase } from '@lianyi/client/recovery';
import { hashOfKey, instantOf, newRequest, slotIdOf, transactions } from '@lianyi/domain';
import { addPatient } from '@lianyi/workbench';
import { carry } from '../carry';
import { PatientCase } from '../patient-case';
import { newId, refusalOf } from '../scenario';
import { lostWallets } from './lost-wallets';
import { type GetWorld } from './world';

/** Feature 21: a lost wallet comes back. */
export function recoveryCases(world: GetWorld): void {
  const { run, newMachine, fileWith, knownAtTwo, recover, wipe, nextName } = lostWallets(world);

  it('comes back on an empty machine through a hospital that does not know the patient, and goes on where it was', async () => {
    const { scenario, staff } = world();
    const lost = await knownAtTwo();
    wipe(lost.walletFile);
    const { profile } = await newMachine(scenario.c);
    await scenario.catchUp(scenario.c);
    const back = await recover(profile, lost.phraseFile);
    expect(back.lost).toEqual([]);
    expect(back.recovered).toEqual([
      { pseudonym: lost.atA, mspId: scenario.a.member.mspId, state: 'active', by: 'slot' },
      { pseudonym: lost.atB, mspId: scenario.b.member.mspId, state: 'active', by: 'slot' },
    ]);
    const to = `department:${scenario.b.member.mspId}:${staff.cardiologistB.department}`;
    await scenario.acts.act(profile, 'consent', 'grant', '--to', to, '--purposes', 'TREAT', '--until', '+1d', '--pseudonym', lost.atA);
    await scenario.acts.act(profile, 'relationship', 'terminate', '--pseudonym', lost.atB);
    // and again from nothing: what has happened since is there
    const again = await newMachine(scenario.c);
    await scenario.catchUp(scenario.c);
    const { recovered } = await recover(again.profile, lost.phraseFile);
    expect(recovered.map(({ pseudonym, state }) => [pseudonym, state])).toEqual([
      [lost.atA, 'active'],
      [lost.atB, 'terminated'],
    ]);
  });

  it('comes back a second time into the wallet that is there, and changes nothing in it', async () => {
    const lost = await knownAtTwo();
    const before = await run(lost.profile, 'wallet', 'show');
    const back = await recover(lost.profile, lost.phraseFile);
    expect(back.recovered.map(({ pseudonym }) => pseudonym)).toEqual([lost.atA, lost.atB]);
    expect(await run(lost.profile, 'wallet', 'show')).toEqual(before);
  });

  it('comes back without its slot, where it was lost before the wallet could write one', async () => {
    const { scenario, staff } = world();
    const profile = nextName('lost');
    await addPatient(scenario.consortium.context, scenario.a, profile);
    const phraseFile = scenario.consortium.data.file(`phrase-${newId()}.txt`);
    await run(profile, 'wallet', 'phrase', '--out', phraseFile);
    // the profile names no node of B, so that no slot of it is written
    const made = (await run(profile, 'wallet', 'pseudonym', '--hospital', scenario.b.member.mspId)) as {
      readonly [Name in 'pseudonym' | 'nonce' | 'nextKeyHash']: string;
    } & { readonly summary?: { readonly pending: readonly { readonly code: string }[] } };
    expect(made.summary?.pending.map(({ code }) => code)).toEqual(['HOSPITAL_NODE_UNNAMED']);
    const flags = ['--pseudonym', made.pseudonym, '--nonce', made.nonce, '--next-key-hash', made.nextKeyHash];
    await scenario.acts.act(staff.registrarB.profile, 'patient', 'register', ...flags);
    const { profile: back } = await newMachine(scenario.c);
    await scenario.catchUp(scenario.c);
    const { recovered } = await recover(back, phraseFile);
    expect(recovered.map(({ pseudonym, by, state }) => [pseudonym, by, state])).toContainEqual([made.pseudonym, 'seed', 'none']);
  });

  it('does not come back by a wrong word, a wrong check or somebody else’s phrase, and nothing is made or destroyed', async () => {
    const { scenario } = world();
    const lost = await knownAtTwo();
    const words = readFileSync(lost.phraseFile, 'utf8').trim().split(' ');
    const swapped = [words[1], words[0], ...words.slice(2)].join(' ');
    const others = phraseOf(new Uint8Array(32).fill(7), 'zh').join('');
    const { profile, walletFile } = await newMachine(scenario.c);
    const attempt = (text: string, as = profile) => scenario.acts.attempt(as, 'wallet', 'recover', '--phrase-file', fileWith(text));
    expect(await attempt([...words.slice(0, 23), 'abandn'].join(' '))).toBe('PHRASE_INVALID');
    expect(await attempt(words.slice(0, 23).join(' '))).toBe('PHRASE_INVALID');
    if (words[0] !== words[1] && !isPhrase(swapped)) expect(await attempt(swapped)).toBe('PHRASE_INVALID');
    expect(await attempt(others)).toBe('NOTHING_TO_RECOVER');
    expect(existsSync(walletFile)).toBe(false);
    await run(profile, 'wallet', 'create');
    const before = readFileSync(walletFile, 'utf8');
    expect(await attempt(words.join(' '))).toBe('ALREADY_EXISTS');
    expect(readFileSync(walletFile, 'utf8')).toBe(before);
  });

  describe('a summary slot', () => {
    const sealed = 'A'.repeat(1366);
    /** Who holds two keys of a slot that may not be there yet. */
    const owner = () => {
      const [key, next] = [newPrivateKey(), newPrivateKey()];
      const slotId = slotIdOf(hashOfKey(publicKeyOf(key)));
      const put = (version: number, privateKey = key, nextPrivateKey = next, id = slotId) => {
        const input = { slotId: id, version, sealed };
        const signer = { network: world().scenario.network, slotId: id, privateKey, nextPrivateKey };
        const proof = signSlotCommand(signer, { transaction: transactions.PutSummarySlot, input }, instantOf(Date.now()));
        return carry(world().scenario.client(world().scenario.c), transactions.PutSummarySlot, input, { proof });
      };
      return { key, next, slotId, put };
    };
    const versionOf = async (slotId: string): Promise<number | undefined> => {
      await world().scenario.catchUp(world().scenario.b);
      const ledger = await world().scenario.ledger(world().scenario.b);
      const { slots } = await ledger.evaluate(newRequest(transactions.ListSummarySlots, { slotIds: [slotId] }));
      return slots[0]?.version;
    };

    it('is made by whoever holds its first key, written with the announced one, and by nobody else', async () => {
      const { key, next, slotId, put } = owner();
      const thief = newPrivateKey();
      expect(await refusalOf(put(1, thief))).toBe('NOT_PERMITTED');
      expect(await versionOf(slotId)).toBeUndefined();
      await put(1);
      expect(await refusalOf(put(2, thief))).toBe('STALE_KEY');
      expect(await refusalOf(put(2, key))).toBe('STALE_KEY');
      expect(await refusalOf(put(3, next, newPrivateKey()))).toBe('VERSION_CONFLICT');
      expect(await versionOf(slotId)).toBe(1);
      await put(2, next, newPrivateKey());
      expect(await versionOf(slotId)).toBe(2);
    });

    it('opens nothing else: its key asks for no patient, no card and no grant', async () => {
      const known = PatientCase.unknown(world().scenario, world().staff);
      await known.register();
      const { key, next, slotId } = owner();
      const ask = (entry: typeof transactions.GetRelationship | typeof transactions.AcceptRelationship) => {
        const input = { pseudonym: known.pseudonym, mspId: known.custodian };
        const signer = { network: world().scenario.network, slotId, privateKey: key, nextPrivateKey: next };
        const proof = signSlotCommand(signer, { transaction: entry, input }, instantOf(Date.now()));
        return refusalOf(carry(world().scenario.client(world().scenario.a), entry, input, { proof }));
      };
      expect(await ask(transactions.GetRelationship)).toBe('NOT_PERMITTED');
      expect(await ask(transactions.AcceptRelationship)).toBe('NOT_PERMITTED');
    });
  });
}

/** One in 256 pairs of swapped words has a good check all the same. */
function isPhrase(text: string): boolean {
  try {
    return seedOfPhrase(text).length > 0;
  } catch {
    return false;
  }
}
