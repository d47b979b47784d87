import { newPrivateKey, publicKeyOf, signStaffRequest } from '@lianyi/client';
import { DomainError, hashOfKey, instantOf, sha256, type Staff, ticketIdSchema, transactions } from '@lianyi/domain';
import { type KnownStaff } from '@lianyi/ledger-client';
import { actorTag, mspId, network, staffWith } from './staff.fixture';
import { StaffWitness } from './staff-witness';

const [key, mallorys] = [newPrivateKey(), newPrivateKey()];
const proofBy = (privateKey: typeof key): ReturnType<typeof signStaffRequest> =>
  signStaffRequest(
    { network, mspId, actorTag, privateKey },
    { transaction: transactions.CloseTicket, input: { ticketId: ticketIdSchema.parse('ticket') } },
    instantOf(0),
  );
const entry = (changes: Partial<Staff> = {}): Staff => staffWith({ publicKeyHash: hashOfKey(publicKeyOf(key)), ...changes });

describe('who a staff member is, as the blocks show it', () => {
  /** What the index says, look by look; the last for ever. */
  let shown: (KnownStaff | undefined)[];
  let height: bigint;
  let newest: () => Promise<bigint>;
  const witness = (): StaffWitness =>
    new StaffWitness(
      {
        staffShown: () => Promise.resolve(shown.length > 1 ? shown.shift() : shown[0]),
        height: () => Promise.resolve(height),
        waitFor: async (look) => (await look()) ?? (await look()),
      },
      { newest: () => newest() },
    );
  const codeOf = (asked: Promise<Staff>): Promise<string> =>
    asked.then(
      () => 'theirs',
      (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
    );
  const both = async (privateKey = key): Promise<readonly string[]> => {
    const looks = [...shown];
    const first = await codeOf(witness().entryOf(proofBy(privateKey)));
    shown = looks;
    return [first, await codeOf(witness().entryOfNow(proofBy(privateKey)))];
  };
  const proven = (changes: Partial<Staff> = {}): KnownStaff => ({ isProven: true, said: entry(changes) });

  beforeEach(() => {
    shown = [proven()];
    height = 11n;
    newest = () => Promise.resolve(10n);
  });

  it('is told by the entry with the key of the proof', async () => {
    expect(await both()).toEqual(['theirs', 'theirs']);
    shown = [undefined, proven()];
    expect(await both()).toEqual(['theirs', 'theirs']);
    expect(await witness().entryOf(proofBy(key))).toEqual(entry());
  });

  it('is nobody with another key than the organisation has said, whatever the peer has by now', async () => {
    expect(await both(mallorys)).toEqual(['STAFF_UNSEEN', 'STAFF_UNSEEN']);
  });

  it.each<readonly [string, (KnownStaff | undefined)[]]>([
    ['others have written', [{ isProven: false, said: undefined }]],
    ['others have written over', [{ isProven: false, said: entry() }]],
    [
      'others have written over, as the next block shows',
      [proven({ publicKeyHash: sha256('another') }), { isProven: false, said: entry() }],
    ],
  ])('is nobody whose entry %s', async (_what, looks) => {
    shown = looks;
    expect(await both()).toEqual(['STAFF_UNPROVEN', 'STAFF_UNPROVEN']);
  });

  it('is not known while no block followed shows them', async () => {
    shown = [undefined];
    expect(await both()).toEqual(['STAFF_UNSEEN', 'STAFF_UNSEEN']);
  });

  describe('for what no other member judges', () => {
    const now = (): Promise<string> => codeOf(witness().entryOfNow(proofBy(key)));

    it.each([10n, 3n, 0n])('is not known while the index has %s blocks of the eleven of the own peer', async (blocks) => {
      height = blocks;
      expect(await now()).toBe('STAFF_UNSEEN');
    });

    it('is not known while the own peer does not answer', async () => {
      newest = () => Promise.reject(new Error('no answer'));
      expect(await now()).toBe('STAFF_UNSEEN');
    });

    it.each<readonly [Staff['state'], string]>([
      ['pending', 'STAFF_PENDING'],
      ['revoked', 'STAFF_REVOKED'],
    ])('is nobody whose entry the organisation has said to be %s', async (state, code) => {
      shown = [proven({ state })];
      expect(await now()).toBe(code);
    });

    it('is nobody out of duty', async () => {
      shown = [proven({ dutyWindows: [{ from: instantOf(0), until: instantOf(1_000) }] })];
      expect(await now()).toBe('OFF_DUTY');
    });
  });
});
