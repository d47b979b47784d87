import { type Device, DomainError, instantOf, pseudonymSchema } from '@lianyi/domain';
import { type KnownDevice } from '@lianyi/ledger-client';
import { deviceWith } from './device.fixture';
import { DeviceWitness } from './device-witness';
import { mspId } from './staff.fixture';

const { deviceId } = deviceWith();
const pseudonym = pseudonymSchema.parse('psn');
const revoked: Partial<Device> = { state: 'revoked', revoked: { at: instantOf(0), reason: 'lost' } };

describe('what a device is, as the blocks show it', () => {
  let shown: KnownDevice | undefined;
  let heights: bigint[];
  let newest: () => Promise<bigint>;
  const witness = (): DeviceWitness =>
    new DeviceWitness(
      {
        deviceShown: () => Promise.resolve(shown),
        height: () => Promise.resolve((heights.length > 1 ? heights.shift() : heights[0]) ?? 0n),
        waitFor: async (look) => (await look()) ?? (await look()),
      },
      { newest: () => newest() },
    );
  const codeOf = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'ok',
      (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
    );
  /** For who reads, and for who publishes. */
  const both = async (): Promise<readonly string[]> => [
    await codeOf(witness().entryOf(mspId, deviceId)),
    await codeOf(witness().assertMayAuthor({ mspId, deviceId, pseudonym })),
  ];

  beforeEach(() => {
    shown = { said: deviceWith(), isProven: true };
    heights = [11n];
    newest = () => Promise.resolve(10n);
  });

  it('is its organisation’s word', async () => {
    expect(await both()).toEqual(['ok', 'ok']);
    expect(await witness().entryOf(mspId, deviceId)).toEqual(deviceWith());
  });

  it('is its organisation’s word for who reads, and authors nothing, while others have written over it', async () => {
    shown = { said: deviceWith(revoked), isProven: false };
    expect(await witness().entryOf(mspId, deviceId)).toEqual(deviceWith(revoked));
    expect(await both()).toEqual(['ok', 'DEVICE_UNPROVEN']);
  });

  it.each<readonly [string, KnownDevice | undefined, readonly [string, string]]>([
    ['others have written it', { said: undefined, isProven: false }, ['DEVICE_UNPROVEN', 'DEVICE_UNPROVEN']],
    ['no block has it', undefined, ['DEVICE_UNKNOWN', 'DEVICE_UNKNOWN']],
    ['nobody has confirmed it', { said: deviceWith({ state: 'pending' }), isProven: true }, ['ok', 'DEVICE_PENDING']],
    ['it is revoked', { said: deviceWith(revoked), isProven: true }, ['ok', 'DEVICE_REVOKED']],
    [
      'it is another patient’s own',
      { said: deviceWith({ pseudonym: pseudonymSchema.parse('psn-2') }), isProven: true },
      ['ok', 'DEVICE_OF_ANOTHER_PATIENT'],
    ],
    ['it is the patient’s own', { said: deviceWith({ pseudonym }), isProven: true }, ['ok', 'ok']],
  ])('is told where %s', async (_what, known, expected) => {
    shown = known;
    expect(await both()).toEqual(expected);
  });

  it('is told once the index has each block that the own peer has, and not before', async () => {
    heights = [10n, 11n];
    expect(await both()).toEqual(['ok', 'ok']);
    heights = [10n];
    expect(await both()).toEqual(['DEVICE_UNSEEN', 'DEVICE_UNSEEN']);
    newest = () => Promise.reject(new Error('the peer is away'));
    heights = [11n];
    expect(await both()).toEqual(['DEVICE_UNSEEN', 'DEVICE_UNSEEN']);
  });
});
