import { type Pseudonym, pseudonymSchema, recoveryCaseIdSchema, Refused } from '@lianyi/domain';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { recoveryWarning, type RecoveryWarning } from './followed-recovery';

const pseudonym: Pseudonym = pseudonymSchema.parse('p'.repeat(43));
const key = { pseudonym, caseId: recoveryCaseIdSchema.parse('r'.repeat(43)) };

/** A node whose ledger has a recovery in this state, and whose index follows it so, one answer after the other. */
function nodeOf(state: string, followed: readonly object[]): Pick<MemberNodeClient, 'api' | 'ledger'> {
  let asked = 0;
  const ask = () => Promise.resolve(followed[Math.min((asked += 1), followed.length) - 1]);
  return { api: { ask }, ledger: { evaluate: () => Promise.resolve({ state }) } } as unknown as MemberNodeClient; // as much of one as is asked
}

describe('what a hospital’s node makes of a recovery', () => {
  it.each<readonly [string, string, readonly object[], RecoveryWarning | undefined]>([
    ['it follows it', 'coolingOff', [{ isFollowed: true, state: 'coolingOff' }], undefined],
    ['the patient is another hospital’s', 'coolingOff', [{ isFollowed: false }], undefined],
    ['it has never heard of it in time', 'coolingOff', [{ isFollowed: true }], 'late'],
    ['it waits for who vouches', 'coolingOff', [{ isFollowed: true, state: 'opened' }], 'late'],
    ['it is over there', 'coolingOff', [{ isFollowed: true, state: 'vetoed' }], 'late'],
    ['it goes on there', 'completed', [{ isFollowed: true, state: 'coolingOff' }], 'late'],
    ['nobody is believed', 'coolingOff', [{ isFollowed: true, state: 'coolingOff', isConfirmedByNobody: true }], 'unconfirmed'],
    [
      'nobody was believed when it was completed',
      'completed',
      [{ isFollowed: true, state: 'coolingOff', isConfirmedByNobody: true }],
      'late',
    ],
    [
      'its index is a block behind',
      'completed',
      [
        { isFollowed: true, state: 'coolingOff' },
        { isFollowed: true, state: 'completed' },
      ],
      undefined,
    ],
  ])('where %s', async (_what, state, followed, expected) => {
    expect(await recoveryWarning(nodeOf(state, followed), key, { pauseMillis: 1 })).toBe(expected);
  });
  it.each<readonly [string, string, readonly object[], RecoveryWarning | undefined]>([
    ['does not know the pseudonym', 'coolingOff', [{ isFollowed: false }], 'unknown'],
    ['does not know it yet', 'coolingOff', [{ isFollowed: false }, { isFollowed: true, state: 'coolingOff' }], undefined],
    [
      'does not know it, and believes nobody then',
      'coolingOff',
      [{ isFollowed: false }, { isFollowed: true, state: 'coolingOff', isConfirmedByNobody: true }],
      'unconfirmed',
    ],
  ])('where the patient’s own hospital %s', async (_what, state, followed, expected) => {
    expect(await recoveryWarning(nodeOf(state, followed), key, { isOfHospital: true, pauseMillis: 1 })).toBe(expected);
  });
  it('is nothing where there is no such recovery', async () => {
    const node = nodeOf('opened', []);
    const none = {
      ...node,
      ledger: { evaluate: () => Promise.reject(new Refused('NOT_FOUND', 'none', {})) },
    } as unknown as MemberNodeClient; // likewise
    await expect(recoveryWarning(none, key, { pauseMillis: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
