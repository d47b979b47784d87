import { DomainError, pseudonymSchema, Refused, type SignedRequest, type TransactionEntry, transactions } from '@lianyi/domain';
import { deviceWith } from './device.fixture';
import { type AuthoringDevice } from './device-witness';
import { OwnDeviceLedger } from './own-device-ledger';
import { mspId } from './staff.fixture';

const { deviceId } = deviceWith();
const pseudonym = pseudonymSchema.parse('psn');
const { AmendRecord, AnchorRecord, GetDevice, PurgeEnvelopes } = transactions;

describe('documents that a node carries into the ledger', () => {
  let carried: string[];
  let asked: AuthoringDevice[];
  let refusal: DomainError | undefined;
  const perform = ({ entry }: SignedRequest<never>): Promise<never> => {
    carried.push((entry as { readonly name: string }).name);
    return Promise.reject(new Refused('NOT_FOUND', 'here ends the test', {}));
  };
  const assertMayAuthor = (device: AuthoringDevice): Promise<void> => {
    asked.push(device);
    return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
  };
  const ledger = (): OwnDeviceLedger => new OwnDeviceLedger({ evaluate: perform, submit: perform }, mspId, { assertMayAuthor });
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'ok',
      (error: unknown) => (error instanceof DomainError || error instanceof Refused ? error.code : String(error)),
    );
  /** Of the input, all that is looked at. */
  const requestOf = <Entry extends TransactionEntry>(entry: Entry, input: object): SignedRequest<Entry> =>
    ({ entry, input }) as unknown as SignedRequest<Entry>;
  const input = (device?: object): object => ({ pseudonym, ...(device === undefined ? {} : { device }) });
  const device = {
    deviceId,
    observedAt: '2026-03-01T10:00:00.000Z',
    signature: Buffer.alloc(64, 1).toString('base64url'),
    sealedSalt: Buffer.alloc(32, 1).toString('base64url'),
  };

  beforeEach(() => {
    [carried, asked, refusal] = [[], [], undefined];
  });

  it.each([AnchorRecord, AmendRecord])('are refused where the node does not believe the device they name: $name', async (entry) => {
    refusal = new DomainError('DEVICE_UNPROVEN');
    expect(await codeOf(ledger().submit(requestOf(entry, input(device))))).toBe('DEVICE_UNPROVEN');
    expect([asked, carried]).toEqual([[{ mspId, deviceId, pseudonym }], []]);
  });

  it.each([AnchorRecord, AmendRecord])('go on where it does, and where they name none: $name', async (entry) => {
    for (const of of [input(device), input()]) expect(await codeOf(ledger().submit(requestOf(entry, of)))).toBe('NOT_FOUND');
    expect([asked.length, carried]).toEqual([1, [entry.name, entry.name]]);
  });

  it('are not carried where it cannot be told which device they name', async () => {
    expect(await codeOf(ledger().submit(requestOf(AnchorRecord, input({ deviceId: 7 }))))).toBe('INVALID_REQUEST');
    expect(carried).toEqual([]);
  });

  it('are all that is looked at', async () => {
    refusal = new DomainError('DEVICE_UNPROVEN');
    expect(await codeOf(ledger().submit(requestOf(PurgeEnvelopes, { pseudonym, envelopes: [] })))).toBe('NOT_FOUND');
    expect(await codeOf(ledger().evaluate(requestOf(GetDevice, { mspId, deviceId })))).toBe('NOT_FOUND');
    expect(asked).toEqual([]);
  });
});
