import { DomainError, endpointIdSchema, mspIdSchema } from '@lianyi/domain';
import { MuteMembers } from './mute-members';

const at = (name: string) => ({ mspId: mspIdSchema.parse(name), endpointId: endpointIdSchema.parse('keys') });
const [b, c] = [at('HospitalBMSP'), at('HospitalCMSP')];
const unavailable = new DomainError('MEMBER_UNAVAILABLE');

describe('a member that gives no answer', () => {
  let time: number;
  let members: MuteMembers;
  beforeEach(() => {
    time = 0;
    members = new MuteMembers(() => time);
  });
  const failAfter = (millis: number, error: Error = unavailable): Promise<void> => {
    const failing = members.ask(b, () => {
      time += millis;
      return Promise.reject(error);
    });
    return expect(failing).rejects.toBe(error);
  };
  /** One question that has no end yet, and another one. */
  const another = async (): Promise<unknown> => {
    const first = Promise.withResolvers<string>();
    const asked = members.ask(b, () => first.promise);
    const second = await members.ask(b, () => Promise.resolve('asked')).catch((error: unknown) => (error as DomainError).code);
    first.resolve('answered');
    await expect(asked).resolves.toBe('answered');
    return second;
  };

  it('is asked by one at a time for a minute, and by all again when it has answered', async () => {
    await failAfter(60_000);
    expect(await another()).toBe('MEMBER_UNAVAILABLE');
    expect(await another()).toBe('asked');
  });

  it('is asked by all when the minute is over, and others all the time', async () => {
    await failAfter(60_000);
    const first = members.ask(b, () => new Promise(() => undefined));
    await expect(members.ask(c, () => Promise.resolve('asked'))).resolves.toBe('asked');
    time += 60_000;
    await expect(members.ask(b, () => Promise.resolve('asked'))).resolves.toBe('asked');
    void first;
  });

  it.each([
    ['fails at once', 100, unavailable],
    ['refuses, however late', 60_000, new DomainError('TICKET_CLOSED')],
  ] as const)('is not one that %s', async (_what, millis, error) => {
    await failAfter(millis, error);
    expect(await another()).toBe('asked');
  });
});
