import { parseConsortium } from '@lianyi/network-model';
import { readLag } from './lag-option';

const consortium = parseConsortium({
  name: 'test',
  channel: { name: 'emr' },
  organizations: [
    { mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'], peers: 2 },
    { mspId: 'OMSP', name: 'o', domain: 'o.example', roles: ['orderer'] },
  ],
});

describe('the option --lag', () => {
  it('names a peer or an organisation and milliseconds', () => {
    expect([...readLag(['peer1.a.example=500', 'AMSP=20'], consortium)]).toEqual([
      ['peer1.a.example', 500],
      ['AMSP', 20],
    ]);
  });

  it.each([
    [
      'peer2.a.example=5',
      '--lag peer2.a.example=5 names no peer and no organisation with one; there are AMSP, peer0.a.example, peer1.a.example',
    ],
    ['orderer0.o.example=5', 'names no peer'],
    ['OMSP=5', 'names no peer'],
    ['AMSP', '--lag wants NAME=MILLISECONDS, e.g. peer0.hospital-b.example=500, not AMSP'],
    ['AMSP=-1', '--lag wants NAME=MILLISECONDS'],
    ['AMSP=1s', '--lag wants NAME=MILLISECONDS'],
  ])('refuses %s', (value, sentence) => {
    expect(() => readLag([value], consortium)).toThrow(sentence);
  });
});
