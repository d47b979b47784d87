import { buildGenesisBlock, common, marshal, outOf, peer, validationParameter } from '@lianyi/fabric-protocol';
import { type Organization } from '@lianyi/network-model';
import { configOf } from '@lianyi/test/support/config-fixture';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { BATCH } from '@lianyi/test/support/ledger-fixture';
import { outlineOf, withMember, withoutMember } from '../channel-update/membership-change';
import { endorsementRisk } from './endorsement-risk';

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
const hospital = (letter: string): Organization => ({
  mspId: `${letter}MSP`,
  name: letter.toLowerCase(),
  domain: `${letter.toLowerCase()}.example`,
  roles: ['peer', 'orderer'],
  peers: 1,
  users: [],
});
const X = hospital('X');
const regulator: Organization = { ...hospital('R'), roles: ['orderer', 'client'] };

/** Of so many hospitals those named are down; beside them a regulator without a peer, where the majority is spelt out. */
function channelOf(count: number, down: string, withRegulator: boolean) {
  const organizations = [...LETTERS.slice(0, count).map(hospital), ...(withRegulator ? [regulator] : [])];
  const block = buildGenesisBlock({ channel: 'emr', organizations: organizations.map(outlineOf), batch: BATCH });
  const consortium = { ...consortiumOf(), organizations };
  const able = LETTERS.slice(0, count)
    .filter((letter) => !down.includes(letter))
    .map((letter) => `${letter}MSP`);
  const state = { able, down: Array.from(down, (letter) => `peer0.${letter.toLowerCase()}.example`) };
  return { before: configOf(block).getChannelGroup() ?? new common.ConfigGroup(), consortium, state };
}
type Members = readonly [count: number, down: string];

/** A definition of the channel's policy, or of one that names organisations. */
function definition(policy?: readonly [count: number, ...letters: string[]]) {
  const [count = 0, ...letters] = policy ?? [];
  const named = new peer.ApplicationPolicy();
  named.setSignaturePolicy(
    outOf(
      count,
      letters.map((letter) => ({ mspId: `${letter}MSP`, role: 'peer' as const })),
    ),
  );
  return {
    name: 'emr',
    version: '1',
    sequence: 1,
    endorsementPlugin: 'escc',
    validationPlugin: 'vscc',
    initRequired: false,
    collections: Buffer.alloc(0),
    validationParameter: policy
      ? marshal(named)
      : validationParameter({ name: 'emr', version: '1', sequence: 1, initRequired: false, collections: [] }),
  };
}

describe.each([
  ['counted by the channel', false],
  ['spelt out, because a member has no peer', true],
])('a majority %s', (_how, withRegulator) => {
  const joining = ([count, down]: Members): string | undefined => {
    const { before, consortium, state } = channelOf(count, down, withRegulator);
    const after = withMember({ organization: X, presented: outlineOf(X), peerPort: 0 }, consortium)(before);
    return endorsementRisk({ channel: 'emr', before, after, definitions: [definition()], subject: 'XMSP' }, state)?.en;
  };
  const leaving = ([count, down]: Members, leaver: string): string | undefined => {
    const { before, consortium, state } = channelOf(count, down, withRegulator);
    const after = withoutMember(`${leaver}MSP`, consortium)(before);
    return endorsementRisk({ channel: 'emr', before, after, definitions: [definition()], subject: `${leaver}MSP` }, state)?.en;
  };

  it.each<readonly [string, Members]>([
    ['one of three is down: of four, three must', [3, 'C']],
    ['two of five are down: of six, four must', [5, 'BE']],
    ['three of seven are down: of eight, five must', [7, 'ACG']],
    ['the only other one is down', [1, 'A']],
  ])('is lost by one more member where %s', (_why, members) => {
    expect(joining(members)).toMatch(/^of the members of emr only .* could endorse afterwards, and by its policy .* does not answer$/);
  });

  it.each<readonly [string, Members]>([
    ['all work, though the second counts at once', [1, '']],
    ['all of three work', [3, '']],
    ['one of four is down: of five, three must', [4, 'D']],
    ['of six that work with one down, four suffice', [6, 'A']],
    ['as many lacked before', [4, 'CD']],
  ])('is not by one more member where %s', (_why, members) => {
    expect(joining(members)).toBeUndefined();
  });

  it.each<readonly [string, Members, string]>([
    ['one of three is down and another goes', [3, 'C'], 'B'],
    ['two of five are down and one that works goes', [5, 'DE'], 'A'],
    ['the first of three is down and the last goes', [3, 'A'], 'C'],
    ['three of seven are down and one that works goes', [7, 'EFG'], 'A'],
  ])('is lost by one less where %s', (_why, members, leaver) => {
    expect(leaving(members, leaver)).toMatch(/^of the members of emr only .* could endorse afterwards/);
  });

  it.each<readonly [string, Members, string]>([
    ['the one that is down goes', [3, 'C'], 'C'],
    ['one of two that are down goes', [4, 'CD'], 'D'],
    ['many are down, and fewer are lacking then', [7, 'CDEFG'], 'G'],
    ['all work', [2, ''], 'B'],
  ])('is not by one less where %s', (_why, members, leaver) => {
    expect(leaving(members, leaver)).toBeUndefined();
  });
});

describe("a chaincode's own policy", () => {
  const leaving = (policy: readonly [number, ...string[]], down: string, leaver: string): string | undefined => {
    const { before, consortium, state } = channelOf(5, down, false);
    const after = withoutMember(`${leaver}MSP`, consortium)(before);
    return endorsementRisk({ channel: 'emr', before, after, definitions: [definition(policy)], subject: `${leaver}MSP` }, state)?.en;
  };

  it.each([
    [
      'two of A, B, C, of whom C is down and B goes',
      [2, 'A', 'B', 'C'],
      'C',
      'B',
      /could endorse afterwards, and by its policy of chaincode emr 1 more/,
    ],
    [
      'both of A and B, of whom B goes',
      [2, 'A', 'B'],
      'E',
      'B',
      /policy of chaincode emr nobody could make up for the rest; peer0.e.example/,
    ],
    ['A alone, who goes', [1, 'A'], 'D', 'A', /policy of chaincode emr nobody/],
  ] as const)('is lost: %s', (_why, policy, down, leaver, sentence) => {
    expect(leaving(policy, down, leaver)).toMatch(sentence);
  });

  it.each([
    ['two of A, B, C, of whom C goes', [2, 'A', 'B', 'C'], 'E', 'C'],
    ['either of A and B, of whom one goes', [1, 'A', 'B'], 'E', 'A'],
    ['A alone, and C goes', [1, 'A'], 'D', 'C'],
  ] as const)('is kept: %s', (_why, policy, down, leaver) => {
    expect(leaving(policy, down, leaver)).toBeUndefined();
  });
});
