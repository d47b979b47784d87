import {
  DomainError,
  hashOfKey,
  instantSchema,
  type Ledger,
  mspIdSchema,
  newRequest,
  OutcomeUnknown,
  type PatientProof,
  type Pseudonym,
  Refused,
  Rejected,
  type Request,
  sha256,
  type SignedRequest,
  type TransactionEntry,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { newWalletContent, Wallet } from './wallet';
import { WalletLedger } from './wallet-ledger';

const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const hospital = mspIdSchema.parse('HospitalAMSP');

describe('a wallet’s key', () => {
  let wallet: Wallet;
  let pseudonym: Pseudonym;
  let sent: PatientProof[];
  let submit: () => Promise<unknown>;
  let ledger: WalletLedger;

  beforeEach(async () => {
    let content = newWalletContent();
    wallet = new Wallet({
      read: () => Promise.resolve(content),
      change: (step) => {
        const changed = step(content);
        ({ content } = changed);
        return Promise.resolve(changed.result);
      },
    });
    const relationship = await wallet.addRelationship(hospital);
    ({ pseudonym } = relationship);
    sent = [];
    const carrier = {
      // nothing is committed: the ledger announces the first key
      evaluate: () => Promise.resolve({ nextKeyHash: relationship.nextKeyHash }),
      submit: ({ proof }: SignedRequest<TransactionEntry>) => {
        if (proof?.kind === 'patient') sent.push(proof);
        return submit();
      },
    } as unknown as Ledger; // as much of a ledger as a wallet asks
    const now = instantSchema.parse('2026-11-22T08:00:00.000Z');
    ledger = new WalletLedger(carrier, wallet, { network, signerOf: () => Promise.resolve(pseudonym), now: () => now });
  });

  const accept = (): Promise<unknown> => {
    const input: Request<typeof transactions.AcceptRelationship> = { pseudonym, mspId: hospital };
    return ledger.submit(newRequest(transactions.AcceptRelationship, input));
  };
  const isPending = async (): Promise<boolean> => (await wallet.relationships())[0]?.pending !== undefined;

  it.each([
    ['has an unknown outcome', new OutcomeUnknown('tx')],
    ['got no answer from the member node', new OutcomeUnknown(undefined)],
    ['has an unknown outcome by the member node’s words', new Refused('OUTCOME_UNKNOWN', 'sent', {})],
    ['is refused with a code of a newer version', new Refused('FROM_THE_FUTURE', 'new', {})],
    ['fails in no way a ledger fails', new TypeError('a fault')],
  ])('stays with a command that %s', async (_what, failure) => {
    submit = () => Promise.reject(failure);
    await expect(accept()).rejects.toBe(failure);
    expect(await isPending()).toBe(true);
  });

  it.each([
    ['did not leave this machine', new Unavailable('no member node answers')],
    ['was not sent to ordering by the member node’s words', new Refused('LEDGER_UNAVAILABLE', 'no peer', {})],
    ['is refused', new Refused('STALE_KEY', 'stale', {})],
  ])('is free again when a command %s', async (_what, failure) => {
    submit = () => Promise.reject(failure);
    await expect(accept()).rejects.toBe(failure);
    expect(await isPending()).toBe(false);
  });

  it.each([
    ['does not leave this machine', new Unavailable('no member node answers')],
    ['is not sent to ordering by the member node’s words', new Refused('LEDGER_UNAVAILABLE', 'no peer', {})],
    ['is refused', new Refused('STALE_KEY', 'stale', {})],
    ['is turned down by the network', new Rejected('no rights', 'tx', undefined)],
    ['is turned down on this side', new DomainError('RATE_LIMITED')],
  ])('stays with a command whose outcome was unknown when its second sending %s', async (_what, failure) => {
    submit = () => Promise.reject(new OutcomeUnknown(undefined));
    await expect(accept()).rejects.toMatchObject({ kind: 'outcome-unknown' });
    submit = () => Promise.reject(failure);
    await expect(ledger.synchronise(pseudonym)).rejects.toBe(failure);
    expect(await isPending()).toBe(true);
    // the next command does not sign with the key either: the first is sent again, the very same
    await expect(accept()).rejects.toBe(failure);
    expect(new Set(sent.map(({ signature }) => signature)).size).toBe(1);
  });

  it('is used up when the second sending is committed', async () => {
    submit = () => Promise.reject(new OutcomeUnknown(undefined));
    await expect(accept()).rejects.toMatchObject({ kind: 'outcome-unknown' });
    submit = () => Promise.resolve({ result: {}, transactionId: 'tx' });
    await expect(ledger.synchronise(pseudonym)).resolves.toMatchObject({ result: 'sent-again' });
    await accept();
    expect(sent.map(({ statement }) => hashOfKey(statement.publicKey))[2]).toBe(sent[0]?.statement.nextKeyHash);
  });
});
