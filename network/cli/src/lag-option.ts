import { type Consortium, nodesOf, OperatorError } from '@lianyi/network-model';

/**
 * Reads `NAME=MILLIS` options: by how much a peer, or every peer of an organisation (MSP id), commits later than the others.
 * Throws {@link OperatorError} with one sentence.
 */
export function readLag(values: readonly string[], consortium: Consortium): ReadonlyMap<string, number> {
  return new Map(values.map((value) => readOne(value, consortium)));
}

function readOne(value: string, { organizations }: Consortium): readonly [string, number] {
  const [, name = '', millis = ''] = /^(.+)=(\d{1,7})$/.exec(value) ?? [];
  if (name === '')
    throw new OperatorError('UNKNOWN_NAME', {
      en: `--lag wants NAME=MILLISECONDS, e.g. peer0.hospital-b.example=500, not ${value}`,
      zh: `--lag 需要 名称=毫秒数，例如 peer0.hospital-b.example=500，而不是 ${value}`,
    });
  const withPeer = organizations.filter(({ roles }) => roles.includes('peer'));
  const peers = withPeer.flatMap(nodesOf).filter(({ kind }) => kind === 'peer');
  const known = [...withPeer.map(({ mspId }) => mspId), ...peers.map((peer) => peer.name)];
  if (known.includes(name)) return [name, Number(millis)];
  throw new OperatorError('UNKNOWN_NAME', {
    en: `--lag ${value} names no peer and no organisation with one; there are ${known.join(', ')}`,
    zh: `--lag ${value} 指的既不是 peer 节点，也不是有 peer 节点的组织；现有 ${known.join('、')}`,
  });
}
