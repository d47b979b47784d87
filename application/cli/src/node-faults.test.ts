import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { allThatNodeSays, nodeSays } from './commands/node-faults';

const memberNode = resolve(__dirname, '../../member-node/src');
const sourceOf = (file: string): string => readFileSync(join(memberNode, file), 'utf8');

describe('what a node says of itself, in Chinese', () => {
  it.each<readonly [file: string, asWorded: string, said: string, zh: string]>([
    [
      'peer-watch.ts',
      'its peer does not answer (',
      'HospitalAMSP: its peer does not answer (UNAVAILABLE)',
      'HospitalAMSP：其 peer 节点没有应答（UNAVAILABLE）',
    ],
    [
      'peer-watch.ts',
      'its blocks do not arrive: the peer has block ',
      'HospitalAMSP: its blocks do not arrive: the peer has block 9, the index waits for block 4',
      'HospitalAMSP：其区块没有到达：peer 节点已有区块 9，索引在等待区块 4',
    ],
    [
      'certificate-files.ts',
      ' ended at ',
      'the certificate for TLS ended at 2026-01-01T00:00:00.000Z',
      '用于 TLS 的证书已于 2026-01-01T00:00:00.000Z 到期',
    ],
    [
      'certificate-files.ts',
      ' ends at ',
      'the certificate for TLS ends at 2026-01-01T00:00:00.000Z',
      '用于 TLS 的证书将于 2026-01-01T00:00:00.000Z 到期',
    ],
    [
      'connection-profile-file.ts',
      'the connection profile is not taken over: ',
      'the connection profile is not taken over: no JSON',
      '未采用新的连接配置：no JSON',
    ],
    [
      'http/health-routes.ts',
      'has a valid transaction that this version cannot read',
      'no key is released: block 7 has a valid transaction that this version cannot read',
      '不发放任何密钥：区块 7 中有本版本无法读取的有效交易',
    ],
    [
      'http/health-routes.ts',
      'lets others be of this organisation, and no administrator of it has signed that',
      'block 7 lets others be of this organisation, and no administrator of it has signed that: what they do (definition a)',
      '区块 7 让他人成为本机构成员，而本机构没有管理员签署：他们以本机构名义所做的在此一律无效，也不写入本机构的私有数据（定义 a）',
    ],
  ])('%s: …%s…', (file, asWorded, said, zh) => {
    expect(sourceOf(file)).toContain(asWorded);
    expect(nodeSays(said)).toEqual({ en: said, zh });
  });

  it('is as the node words it, where this version does not know it', () => {
    expect(nodeSays('a new fault')).toEqual({ en: 'a new fault', zh: 'a new fault' });
  });

  it('is one sentence after another, and nothing of nothing', () => {
    expect(allThatNodeSays([])).toBeUndefined();
    expect(allThatNodeSays(['a', 'the connection profile is not taken over: b'])).toEqual({
      en: 'a; the connection profile is not taken over: b',
      zh: 'a；未采用新的连接配置：b',
    });
  });
});
