import {
  addMilliseconds,
  DomainError,
  hashOfKey,
  type Instant,
  type Ledger,
  newRequest,
  NoAnswer,
  OutcomeUnknown,
  type PatientProof,
  type Pseudonym,
  Refused,
  Rejected,
  sha256,
  statementHashOf,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { NotSent } from '../member-api/transport';
import { hospital, type LedgerOfOne, type MemoryStore, newLedgerOfOne, NOW } from './ledger-of-one.fixture';
import { type LedgerWord } from './reconcile';
import { Wallet } from './wallet';
import { WalletLedger } from './wallet-ledger';

const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const { AcceptRelationship, RotateKey, TerminateRelationship } = transactions;

let store: MemoryStore;
let wallet: Wallet;
let pseudonym: Pseudonym;
let ledger: LedgerOfOne;
let now: Instant;
let sent: PatientProof[];
beforeEach(async () => {
  ({ store, wallet, pseudonym, ledger } = await newLedgerOfOne());
  now = NOW;
  sent = [];
});

const through = (node: Ledger, witness?: Ledger): WalletLedger =>
  new WalletLedger(node, wallet, {
    network,
    signerOf: () => Promise.resolve(pseudonym),
    now: () => now,
    patienceMillis: 0,
    ...(witness === undefined ? {} : { witness }),
  });
const honest = (): WalletLedger =>
  through(
    ledger.node((proof) => {
      sent.push(proof);
      return ledger.commit(proof);
    }),
  );
const failing = (failure: unknown): WalletLedger =>
  through(
    ledger.node((proof) => {
      sent.push(proof);
      // whatever a test throws
      return Promise.reject(failure as Error);
    }),
  );
const accept = (as: WalletLedger): Promise<unknown> => as.submit(newRequest(AcceptRelationship, { pseudonym, mspId: hospital }));
const terminate = (as: WalletLedger): Promise<unknown> => as.submit(newRequest(TerminateRelationship, { pseudonym, mspId: hospital }));
const namesOf = (proofs: readonly PatientProof[]): readonly string[] =>
  proofs.map(({ statement }) => statement.transaction.split(':')[1] ?? '');
const open = async (): Promise<readonly (readonly [string, string])[]> =>
  ((await wallet.relationships())[0]?.open ?? []).map(({ transaction, state }) => [transaction.name, state]);
const wordOf = ({ statement }: PatientProof): LedgerWord => ({
  nextKeyHash: statement.nextKeyHash,
  lastCommand: { statementHash: statementHashOf(statement), at: NOW },
});
const last = <Item>(items: readonly Item[]): Item => {
  const item = items.at(-1);
  if (item === undefined) throw new Error('there is none');
  return item;
};

describe('a command that was sent', () => {
  it.each([
    ['has an unknown outcome', new OutcomeUnknown('tx'), 'sent'],
    ['got no answer from the member node', new OutcomeUnknown(undefined), 'sent'],
    ['got an answer that is none', new NoAnswer('nothing'), 'sent'],
    ['has an unknown outcome by the member node’s words', new Refused('OUTCOME_UNKNOWN', 'sent', {}), 'sent'],
    ['is refused with a code of a newer version', new Refused('FROM_THE_FUTURE', 'new', {}), 'sent'],
    ['fails in no way a ledger fails', new TypeError('a fault'), 'sent'],
    ['is refused', new Refused('ALREADY_EXISTS', 'taken', {}), 'refused'],
    ['is refused for its key', new Refused('STALE_KEY', 'stale', {}), 'refused'],
    ['is refused for its time', new Refused('TIME_SKEW', 'late', {}), 'refused'],
    ['is refused for the carrier', new Refused('NOT_ACTIVE_ORGANISATION', 'inactive', {}), 'refused'],
    ['meets too many others', new Refused('RATE_LIMITED', 'wait', {}), 'refused'],
    ['was not sent to ordering by the member node’s words', new Refused('LEDGER_UNAVAILABLE', 'no peer', {}), 'refused'],
    ['did not reach ordering', new Unavailable('no peer'), 'refused'],
    ['is turned down by the network', new Rejected('no rights', 'tx', undefined), 'refused'],
  ] as const)('and %s keeps its key to itself', async (_what, failure, state) => {
    await expect(accept(failing(failure))).rejects.toBe(failure);
    expect(await open()).toEqual([['AcceptRelationship', state]]);
    await expect(wallet.isKeyUnused(pseudonym)).resolves.toBe(false);
    const signing = wallet.signCommand(network, pseudonym, { transaction: TerminateRelationship, input: {} }, now);
    await expect(signing).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
  });

  it('keeps its key to itself when its time is over, however long', async () => {
    await expect(accept(failing(new OutcomeUnknown(undefined)))).rejects.toThrow();
    now = addMilliseconds(NOW, 365 * 86_400_000);
    await expect(terminate(honest())).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
    expect(namesOf(sent)).toEqual(['AcceptRelationship']);
    expect(await honest().synchronise(pseudonym)).toMatchObject({ commands: [{ state: 'sent' }] });
    expect(namesOf(sent)).toEqual(['AcceptRelationship']);
  });

  it.each([
    ['there was no connection', new Unavailable('no member node answers', { cause: new NotSent(new Error('ECONNREFUSED')) })],
    ['it was turned down on this side', new DomainError('INVALID_REQUEST')],
  ])('is none if %s: its key is free for another', async (_what, failure) => {
    await expect(accept(failing(failure))).rejects.toBe(failure);
    expect(await open()).toEqual([]);
    await terminate(honest());
    expect(namesOf(ledger.committed)).toEqual(['TerminateRelationship']);
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ statement }) => statement.publicKey)).size).toBe(1);
  });

  it.each([
    ['does not leave this machine', new Unavailable('none', { cause: new NotSent(new Error('ECONNREFUSED')) })],
    ['is not sent to ordering by the member node’s words', new Refused('LEDGER_UNAVAILABLE', 'no peer', {})],
    ['is refused', new Refused('STALE_KEY', 'stale', {})],
    ['is turned down by the network', new Rejected('no rights', 'tx', undefined)],
    ['is turned down on this side', new DomainError('RATE_LIMITED')],
  ])('stays open with an unknown outcome when its second sending %s', async (_what, failure) => {
    await expect(accept(failing(new OutcomeUnknown(undefined)))).rejects.toMatchObject({ kind: 'outcome-unknown' });
    await expect(failing(failure).synchronise(pseudonym)).rejects.toBe(failure);
    expect(await open()).toEqual([['AcceptRelationship', 'sent']]);
    // the next command does not sign with the key either: the first is sent again, the very same
    await expect(terminate(failing(failure))).rejects.toBe(failure);
    expect(new Set(sent.map(({ signature }) => signature)).size).toBe(1);
  });

  it('is used up when the second sending is committed', async () => {
    await expect(accept(failing(new OutcomeUnknown(undefined)))).rejects.toMatchObject({ kind: 'outcome-unknown' });
    const { commands, sentAgain } = await honest().synchronise(pseudonym);
    expect(commands).toMatchObject([{ state: 'committed', was: 'sent' }]);
    expect(sentAgain).toMatchObject({ transactionId: 'tx1' });
    await terminate(honest());
    expect(hashOfKey(last(sent).statement.publicKey)).toBe(sent[0]?.statement.nextKeyHash);
  });

  it('that was refused has its key used up before another one is signed', async () => {
    await expect(accept(failing(new Refused('ALREADY_EXISTS', 'taken', {})))).rejects.toThrow();
    await terminate(honest());
    expect(namesOf(ledger.committed)).toEqual(['RotateKey', 'TerminateRelationship']);
    await expect(ledger.commit(last(sent))).rejects.toMatchObject({ code: 'STALE_KEY' });
    expect(await open()).toEqual([]);
  });
});

describe('a carrier that keeps a command and says it was refused', () => {
  let held: PatientProof;
  beforeEach(async () => {
    await expect(accept(failing(new Refused('LEDGER_UNAVAILABLE', 'no peer', {})))).rejects.toThrow();
    held = last(sent);
  });

  it('cannot make the wallet sign the opposite with the same key', async () => {
    await expect(terminate(failing(new Refused('LEDGER_UNAVAILABLE', 'no peer', {})))).rejects.toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
    });
    expect(namesOf(sent)).toEqual(['AcceptRelationship', 'RotateKey']);
  });

  it('is found out by the next look when it commits it', async () => {
    await ledger.commit(held);
    await expect(terminate(honest())).rejects.toMatchObject({
      code: 'OTHER_COMMAND_COMMITTED',
      details: { transaction: 'RelationshipContract:AcceptRelationship' },
    });
    expect(namesOf(ledger.committed)).toEqual(['AcceptRelationship']);
    await terminate(honest());
    expect(namesOf(ledger.committed)).toEqual(['AcceptRelationship', 'TerminateRelationship']);
  });

  it.each([
    ['says nothing', () => Promise.reject(new OutcomeUnknown(undefined))],
    ['says that it is refused', () => Promise.reject(new Refused('STALE_KEY', 'stale', {}))],
    ['says that it is committed', () => Promise.resolve({ result: {}, transactionId: 'lie' })],
  ])('is found out when it commits it instead of the rotation and %s', async (_what, answer) => {
    const late = through(ledger.node(async () => (await ledger.commit(held), answer())));
    await expect(terminate(late)).rejects.toMatchObject({ code: 'OTHER_COMMAND_COMMITTED' });
    expect(namesOf(ledger.committed)).toEqual(['AcceptRelationship']);
    expect(await open()).toEqual([]);
  });

  it('is found out through another member even when it lied of the rotation too', async () => {
    let told: LedgerWord = ledger.entry;
    const liar = through(
      ledger.node(
        (proof) => {
          sent.push(proof);
          told = wordOf(proof);
          return Promise.resolve({ result: {}, transactionId: 'lie' });
        },
        () => told,
      ),
    );
    await terminate(liar);
    expect(namesOf(sent)).toEqual(['AcceptRelationship', 'RotateKey', 'TerminateRelationship']);
    await ledger.commit(held);
    const { commands } = await through(ledger.node()).synchronise(pseudonym);
    expect(commands.map(({ transaction, state }) => [transaction.name, state])).toEqual([
      ['AcceptRelationship', 'committed'],
      ['RotateKey', 'superseded'],
      ['TerminateRelationship', 'committed'],
    ]);
  });
});

describe('a member’s "committed"', () => {
  const claim = (): Promise<{ result: object; transactionId: string }> => Promise.resolve({ result: {}, transactionId: 'claimed' });

  it('is none as long as the ledger does not say so', async () => {
    await expect(accept(through(ledger.node(claim)))).rejects.toMatchObject({ kind: 'outcome-unknown', transactionId: 'claimed' });
    expect(await open()).toEqual([['AcceptRelationship', 'sent']]);
  });

  it('is none when the ledger cannot be asked', async () => {
    const silent = ledger.node(claim, () => Promise.reject(new NoAnswer('silent')));
    await expect(accept(through(silent))).rejects.toMatchObject({ kind: 'outcome-unknown', transactionId: 'claimed' });
    expect(await open()).toEqual([['AcceptRelationship', 'sent']]);
  });

  it('is none when the witness does not say so, though the carrier says so twice', async () => {
    let told: LedgerWord = ledger.entry;
    const liar = ledger.node(
      (proof) => {
        told = wordOf(proof);
        return claim();
      },
      () => told,
    );
    await expect(accept(through(liar, ledger.node()))).rejects.toMatchObject({ kind: 'outcome-unknown' });
    expect(await open()).toEqual([['AcceptRelationship', 'sent']]);
  });

  it('is waited for when the witness’s peer is behind', async () => {
    let looks = 0;
    const behind = { ...ledger.entry };
    const witness = ledger.node(undefined, () => ((looks += 1) < 3 ? behind : ledger.entry));
    const patient = new WalletLedger(ledger.node(), wallet, {
      network,
      signerOf: () => Promise.resolve(pseudonym),
      now: () => now,
      witness,
    });
    await accept(patient);
    expect(await open()).toEqual([]);
  });

  it.each([1, 17, 40])('that was a lie %d times locks no wallet out', async (times) => {
    let told: LedgerWord = ledger.entry;
    const liar = through(
      ledger.node(
        (proof) => {
          sent.push(proof);
          told = wordOf(proof);
          return claim();
        },
        () => told,
      ),
    );
    for (let lie = 0; lie < times; lie += 1) await accept(liar);
    expect(await open()).toEqual([]);
    const early = [...sent];
    await honest().giveUp(pseudonym);
    expect(await open()).toEqual([]);
    await terminate(honest());
    expect(namesOf(ledger.committed)).toEqual(['RotateKey', 'TerminateRelationship']);
    // none of what was signed too early became valid by the rotation
    for (const proof of early) await expect(ledger.commit(proof)).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('that was a lie three times is made true by a look through an honest member, in order', async () => {
    let told: LedgerWord = ledger.entry;
    const liar = through(
      ledger.node(
        (proof) => {
          sent.push(proof);
          told = wordOf(proof);
          return claim();
        },
        () => told,
      ),
    );
    await accept(liar);
    await terminate(liar);
    await accept(liar);
    const { commands } = await honest().synchronise(pseudonym);
    expect(commands.map(({ state }) => state)).toEqual(['committed', 'committed', 'committed']);
    expect(ledger.committed).toEqual(sent.slice(0, 3));
  });
});

describe('giving up', () => {
  const refuse = (): Promise<unknown> => expect(accept(failing(new Refused('ALREADY_EXISTS', 'taken', {})))).rejects.toThrow();

  it('leaves nothing that can be committed, and says so', async () => {
    await refuse();
    const { commands } = await honest().giveUp(pseudonym);
    expect(commands).toMatchObject([
      { transaction: { name: 'AcceptRelationship' }, state: 'superseded', by: { transaction: { name: 'RotateKey' } } },
      { transaction: { name: 'RotateKey' }, state: 'committed' },
    ]);
    await expect(ledger.commit(last(sent))).rejects.toMatchObject({ code: 'STALE_KEY' });
    await expect(ledger.commit(sent[0] ?? last(sent))).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('says that the command was committed, when it was faster', async () => {
    await refuse();
    const proof = last(sent);
    const late = through(
      ledger.node(async (rotation) => {
        await ledger.commit(proof);
        return ledger.commit(rotation);
      }),
    );
    const { commands } = await late.giveUp(pseudonym);
    expect(commands.map(({ transaction, state }) => [transaction.name, state])).toEqual([
      ['AcceptRelationship', 'committed'],
      ['RotateKey', 'superseded'],
    ]);
  });

  it('fails with the carrier’s words when the carrier does not carry it, and goes through another member', async () => {
    await refuse();
    await expect(failing(new Refused('RATE_LIMITED', 'wait', {})).giveUp(pseudonym)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(await open()).toEqual([
      ['AcceptRelationship', 'refused'],
      ['RotateKey', 'sent'],
    ]);
    await honest().giveUp(pseudonym);
    expect(namesOf(ledger.committed)).toEqual(['RotateKey']);
    // the very rotation that was signed first
    expect(
      new Set(sent.filter(({ statement }) => statement.transaction.endsWith('RotateKey')).map(({ signature }) => signature)).size,
    ).toBe(1);
  });

  it('signs a new rotation when the time of the first is over', async () => {
    await refuse();
    await expect(failing(new OutcomeUnknown(undefined)).giveUp(pseudonym)).rejects.toThrow();
    now = addMilliseconds(NOW, 3_600_000);
    await honest().giveUp(pseudonym);
    expect(new Set(sent.map(({ signature }) => signature)).size).toBe(3);
    expect(await open()).toEqual([]);
  });

  it('commits nothing when nothing is open', async () => {
    expect(await honest().giveUp(pseudonym)).toEqual({ pseudonym, commands: [] });
    await accept(honest());
    expect(await honest().giveUp(pseudonym)).toEqual({ pseudonym, commands: [] });
    expect(namesOf(ledger.committed)).toEqual(['AcceptRelationship']);
  });

  it('can be asked for as a command of its own', async () => {
    await honest().submit(newRequest(RotateKey, { pseudonym }));
    expect(namesOf(ledger.committed)).toEqual(['RotateKey']);
  });
});

describe('commands of one wallet', () => {
  it('given three at once are signed one after another, and leave the wallet in step', async () => {
    const [one, other] = [honest(), new Wallet(store)];
    const second = new WalletLedger(
      ledger.node((proof) => ledger.commit(proof)),
      other,
      { network, signerOf: () => Promise.resolve(pseudonym), now: () => now },
    );
    await Promise.all([accept(one), terminate(second), accept(one)]);
    expect(ledger.committed).toHaveLength(3);
    expect(await one.synchronise(pseudonym)).toEqual({ pseudonym, commands: [] });
  });

  it('of a wallet restored from an old backup go on with the key that the ledger announces', async () => {
    const backup = store.content;
    for (let index = 0; index < 20; index += 1) await accept(honest());
    store.content = backup;
    await expect(accept(honest())).rejects.toMatchObject({ code: 'STALE_KEY' });
    await accept(honest());
    expect(ledger.committed).toHaveLength(21);
  });

  it('say that the key is none of the wallet’s when it is another’s', async () => {
    const stranger = through(ledger.node(undefined, () => ({ nextKeyHash: sha256('another key') })));
    await expect(stranger.synchronise(pseudonym)).rejects.toMatchObject({ code: 'STALE_KEY' });
  });
});
