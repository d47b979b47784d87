import { planNetwork, portNames } from '@lianyi/fabric-processes/testing';
import { type Consortium, parseConsortium } from '@lianyi/network-model';

/** Three hospitals and an authority that orders and reads, as the shipped definition has them. */
export function consortiumOf(overrides: Readonly<Record<string, unknown>> = {}): Consortium {
  const hospital = (letter: string): object => ({
    mspId: `${letter}MSP`,
    name: letter.toLowerCase(),
    domain: `${letter.toLowerCase()}.example`,
    roles: ['peer', 'orderer'],
  });
  return parseConsortium({
    name: 'test',
    channel: { name: 'emr' },
    organizations: [
      hospital('A'),
      hospital('B'),
      hospital('C'),
      { mspId: 'RMSP', name: 'r', domain: 'r.example', roles: ['orderer', 'client'] },
    ],
    chaincodes: [{ name: 'emr', version: '1.0' }],
    ...overrides,
  });
}

/** A plan with ports counted from 20000. */
export function planOf(consortium: Consortium): ReturnType<typeof planNetwork> {
  const names = portNames(consortium);
  return planNetwork(consortium, '/data', new Map(names.map((name, index) => [name, 20_000 + index])));
}
