import { Inbox, type InboxOptions } from '@lianyi/client/wallet';
import { addMilliseconds, instantOf } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { DAY, MINUTE } from '../hospital-in-memory';
import { hospitalA, lineOf, MemberInMemory, network } from '../member-in-memory';
import { newMemoryWallet } from '../memory-wallet';

/** The witness tells without end of what has not come yet. The patient reads; then somebody opens a recovery, which the hospital’s node tells. */
async function run(): Promise<AttackOutcome> {
  const wallet = newMemoryWallet();
  const now = () => instantOf(Date.now());
  const { pseudonym } = await wallet.addRelationship(hospitalA);
  const [node, witness] = [new MemberInMemory(), new MemberInMemory()];
  const membersOf: InboxOptions['membersOf'] = () =>
    Promise.resolve([
      { name: 'node', ledger: node.ledger },
      { name: 'witness', ledger: witness.ledger },
    ]);
  const inbox = new Inbox(wallet, { network, now, membersOf, ledger: node.ledger });
  const earlier = lineOf(pseudonym, 'RecordAnchored', addMilliseconds(now(), -60 * MINUTE));
  node.lines = [earlier];
  let page = 0;
  witness.endless = () => ({ ...lineOf(pseudonym, 'CardVerified', addMilliseconds(now(), 9_000 * DAY - (page += 1))), txId: `tx-${page}` });
  await inbox.markRead();
  node.lines = [{ ...lineOf(pseudonym, 'RecoveryOpened', now()), txId: 'opened' }, earlier];
  const told = (await inbox.list()).notes.map(({ line }) => line.event);
  const isTold = told.includes('RecoveryOpened');
  return {
    succeeded: !isTold,
    seen: isTold ? 'the patient is told that a recovery was opened' : 'the patient is told nothing of the recovery',
  };
}

export const movedPlace: Attack = {
  id: 'R9-4',
  title: 'a witness that lies moves the place where the inbox goes on reading, so that nobody tells what comes later',
  defences: [
    {
      file: 'application/client/src/wallet/read-place.ts',
      name: 'placeAfter',
      body: [
        'const read = told;',
        'const stops = heard.flatMap(({ top }) => top.stop ?? []);',
        'const from = latest(stops.map((stop) => stop.from));',
        'if (from === undefined) return { read };',
        'return { read, rest: heard.map(({ member, top }) => ({ member, until: from, from, after: top.stop?.after ?? null })) };',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};
