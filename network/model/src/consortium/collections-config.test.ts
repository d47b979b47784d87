import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCollectionsConfig } from './collections-config';

describe("Fabric's file of collections", () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-collections-'));
  const file = join(dir, 'collections_config.json');
  const read = (content: unknown): ReturnType<typeof readCollectionsConfig> => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readCollectionsConfig(file);
  };
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('is read as it stands, with a peer of a member where any member could endorse', () => {
    const policy = "OR('Org1MSP.member', 'Org2MSP.member')";
    const entry = { name: 'shared', policy, requiredPeerCount: 1, maxPeerCount: 1, blockToLive: 1000, memberOnlyRead: true };
    expect(read([{ ...entry, endorsementPolicy: { signaturePolicy: policy } }])).toEqual([
      {
        name: 'shared',
        members: ['Org1MSP', 'Org2MSP'],
        requiredPeerCount: 1,
        maxPeerCount: 1,
        blockToLive: 1000,
        memberOnlyRead: true,
        memberOnlyWrite: false,
        endorsementPolicy: "OR('Org1MSP.peer', 'Org2MSP.peer')",
      },
    ]);
    expect(read([{ name: 'own', policy: "OR('Org1MSP.member')" }])[0]).toMatchObject({ members: ['Org1MSP'], memberOnlyRead: false });
    expect(read([{ name: 'own', policy: "'Org1MSP.member'" }])[0]?.members).toEqual(['Org1MSP']);
  });

  it.each([
    [[{ name: 'c', policy: "AND('AMSP.member','BMSP.member')" }], /collection c of .*: its policy is AND/],
    [[{ name: 'c', policy: "OR('AMSP.admin')" }], /its policy is OR\('AMSP\.admin'\)/],
    [[{ name: 'c', policy: "OR('AMSP.member', AND('BMSP.member','CMSP.member'))" }], /OR\('AMSP\.member', …\) of whole organisations/],
    [[{ name: 'not good', policy: "OR('AMSP.member')" }], /collection not good of .*: name:/],
    ['{}', /is no collections configuration of Fabric/],
    ['[{', /is no collections configuration of Fabric/],
    [[{ policy: "OR('AMSP.member')" }], /0\.name/],
    [[{ name: 'c', policy: "OR('AMSP.member')", blocksToLive: 1 }], /blocksToLive/],
  ])('is refused by name: %j', (content, sentence) => {
    expect(() => read(content)).toThrow(sentence);
  });

  it('is refused where it is not there', () => {
    expect(() => readCollectionsConfig(join(dir, 'nowhere.json'))).toThrow(/nowhere\.json is no collections configuration.*ENOENT/);
  });
});
