import { amend, type Consortium, NO_AMENDMENTS, runningChaincodes } from '@lianyi/network-model';
import { consortiumOf, planOf } from '@lianyi/test/support/consortium-fixture';
import { withChannels } from './bring-up';
import { isMade, newState } from './state-file';

describe('a channel whose members all left', () => {
  const consortium = consortiumOf({
    channels: [
      { name: 'pair', organizations: ['AMSP', 'BMSP'] },
      { name: 'alone', organizations: ['AMSP'] },
    ],
    chaincodes: [
      { name: 'emr', version: '1.0', channels: ['emr', 'alone'] },
      { name: 'own', version: '1.0', channels: ['alone'] },
    ],
  });
  const left = amend(consortium, { ...NO_AMENDMENTS, left: ['AMSP'] });
  const stateOf = (now: Consortium, before = newState('3.1', '3.1.5', consortium, new Map())): typeof before =>
    withChannels(before, planOf(now));

  it("is the consortium's no more, nor is its chaincode; one that others share stays", () => {
    expect(left.channels.map(({ name, organizations }) => [name, organizations])).toEqual([['pair', ['BMSP']]]);
    expect(left.chaincodes.map(({ name, channels }) => [name, channels])).toEqual([['emr', ['emr']]]);
    const folders = new Map([
      ['emr', '/emr'],
      ['own', '/own'],
    ]);
    expect(runningChaincodes(consortium, folders, { ...NO_AMENDMENTS, left: ['AMSP'] }).map(({ folder }) => folder)).toEqual(['/emr']);
  });

  it('is remembered as made, so that nothing of it is removed, until one of them is back', () => {
    const made = stateOf(consortium);
    expect([made.channels, made.closed]).toEqual([['pair', 'alone'], []]);
    const closed = stateOf(left, made);
    expect([closed.channels, closed.closed]).toEqual([['pair'], ['alone']]);
    expect(isMade(closed, 'alone')).toBe(true);
    expect(isMade(closed, 'never')).toBe(false);
    const again = stateOf(consortium, stateOf(left, closed));
    expect([again.channels, again.closed]).toEqual([['pair', 'alone'], []]);
  });
});
