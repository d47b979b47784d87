import { OperatorError } from '@lianyi/network-model';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { type OrderingState, refuseRiskyJoin, refuseRiskyLeave } from './ordering-risk';
import { refuseToPart } from './remove-organization';

type State = OrderingState;

const names = ['o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7'];
const organizationOf = (letter: string): object => ({
  mspId: `${letter}MSP`,
  name: letter.toLowerCase(),
  domain: `${letter.toLowerCase()}.example`,
});
/** Of so many consenters those named do not work. */
const state = (ordering: State['ordering'], consenters: number, ...down: string[]): State => ({
  ordering,
  consenters,
  active: names.slice(0, consenters).filter((name) => !down.includes(name)),
  down,
});

describe('one orderer more', () => {
  const join = (of: State) => (): void => {
    refuseRiskyJoin('emr', of);
  };

  it.each([
    ['all work', state('bft', 4)],
    ['of six that work four suffice', state('bft', 6, 'o6')],
    ['of Raft a majority suffices', state('raft', 4, 'o4')],
    ['the first gets a second, though both are needed then', state('bft', 1)],
    ['Raft goes from two to three', state('raft', 2)],
  ])('is taken in where %s', (_why, of) => {
    expect(join(of)).not.toThrow();
  });

  it.each([
    ['of five BFT orderers four are needed', state('bft', 4, 'o3'), /of 5 orderers of emr 4 must work, and only 3 would .* o3 being down/],
    ['Raft lost one of three', state('raft', 3, 'o1'), /of 4 orderers of emr 3 must work, and only 2 would/],
  ])('is refused while one is down: %s', (_why, of, message) => {
    expect(join(of)).toThrow(message);
    expect(join(of)).toThrow(OperatorError);
  });
});

describe('one orderer less', () => {
  const leave = (of: State, leaver: string, despite: boolean) => (): void => {
    refuseRiskyLeave('emr', leaver, of, despite);
  };

  it.each([
    ['one may fail before and after', state('bft', 5), 'o5'],
    ['the one that goes is the one that is down', state('bft', 5, 'o5'), 'o5'],
    ['Raft keeps a majority of three', state('raft', 4), 'o1'],
    ['of the six that stay four work, as many as must', state('bft', 7, 'o6', 'o7'), 'o1'],
    ['there was no tolerance to lose', state('bft', 2), 'o2'],
  ])('may go where %s', (_why, of, leaver) => {
    expect(leave(of, leaver, false)).not.toThrow();
  });

  it.each([
    [
      'SmartBFT',
      state('bft', 4),
      /without o1, emr has 3 orderers \(SmartBFT\), of which 1 may stop and none may lie: .*--despite-lost-tolerance$/,
    ],
    [
      'SmartBFT (stops)',
      state('bft', 3),
      /without o1, emr has 2 orderers \(SmartBFT\), of which none may stop or lie: .*--despite-lost-tolerance$/,
    ],
    ['Raft', state('raft', 3), /without o1, emr has 2 orderers \(Raft\), of which none may stop: .*--despite-lost-tolerance$/],
  ])('goes with the last tolerance of %s only when told so', (_name, of, message) => {
    expect(leave(of, 'o1', false)).toThrow(message);
    expect(leave(of, 'o1', true)).not.toThrow();
  });

  it.each([
    ['it is the only one', state('raft', 1), 'o1', /o1 is the only orderer of emr/],
    [
      'the two that stay must both work',
      state('bft', 3, 'o2'),
      'o1',
      /2 of the 2 orderers left of emr must work, and only 1 would, o2 being/,
    ],
    ['Raft would have one of two', state('raft', 3, 'o3'), 'o1', /2 of the 2 orderers left/],
    ['nothing is ordered now', state('raft', 4, 'o3', 'o4'), 'o4', /emr orders nothing now, o3, o4 being down/],
  ])('stays, whatever is said, where %s', (_why, of, leaver, message) => {
    expect(leave(of, leaver, true)).toThrow(message);
  });
});

describe('an organisation that goes', () => {
  const part =
    (mspId: string, overrides: Readonly<Record<string, unknown>> = {}) =>
    (): void => {
      const consortium = consortiumOf(overrides);
      const organization = consortium.organizations.find((candidate) => candidate.mspId === mspId);
      if (organization) refuseToPart(consortium, organization);
    };
  const audit = (...organizations: readonly string[]): Readonly<Record<string, unknown>> => ({
    channels: [{ name: 'audit', organizations }],
  });

  it('may be anyone whom nothing needs', () => {
    for (const mspId of ['AMSP', 'RMSP']) expect(part(mspId, audit('AMSP', 'BMSP'))).not.toThrow();
    // a channel of its own nobody else needs
    expect(part('AMSP', audit('AMSP'))).not.toThrow();
  });

  it.each<readonly [string, string, Readonly<Record<string, unknown>>, RegExp]>([
    ['the last with a peer on some channel', 'AMSP', audit('AMSP', 'RMSP'), /AMSP is the last member of audit with a peer/],
    [
      'the last that orders',
      'RMSP',
      { organizations: ['A', 'R'].map((letter) => ({ ...organizationOf(letter), roles: [letter === 'A' ? 'peer' : 'orderer'] })) },
      /RMSP is the last with the role orderer/,
    ],
    [
      'one whom a policy names',
      'AMSP',
      { chaincodes: [{ name: 'emr', version: '1', endorsementPolicy: "OR('AMSP.peer','BMSP.peer')" }] },
      /chaincode emr names AMSP/,
    ],
    [
      'one who holds a collection',
      'BMSP',
      { chaincodes: [{ name: 'emr', version: '1', collections: [{ name: 'c', members: ['AMSP', 'BMSP'] }] }] },
      /chaincode emr names BMSP/,
    ],
  ])('is not %s', (_who, mspId, overrides, message) => {
    expect(part(mspId, overrides)).toThrow(message);
  });
});
