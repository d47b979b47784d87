import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mspIdSchema } from '@lianyi/domain';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { ConnectionProfileFile } from './connection-profile-file';

const log = { info: jest.fn(), warn: jest.fn() };
const needed = { mspId: mspIdSchema.parse('Org1MSP'), otherPeerMspIds: [mspIdSchema.parse('Org2MSP')] };

describe('the connection profile of a running node', () => {
  let authority: TestAuthority;
  let file: string;
  const profile = (one: string, two: string): string =>
    JSON.stringify({
      organizations: { Org1: { mspid: 'Org1MSP', peers: ['one'] }, Org2: { mspid: 'Org2MSP', peers: ['two'] } },
      peers: {
        one: { url: `grpcs://${one}`, tlsCACerts: { pem: authority.pem } },
        two: { url: `grpcs://${two}`, tlsCACerts: { pem: authority.pem } },
      },
    });
  const opened = async (): Promise<{ followed: ConnectionProfileFile; changed: jest.Mock }> => {
    writeFileSync(file, profile('localhost:7051', 'localhost:9051'));
    return { followed: await ConnectionProfileFile.open(file, needed, log), changed: jest.fn(() => Promise.resolve()) };
  };
  const endpoints = ({ current }: ConnectionProfileFile): readonly string[] => current.map(({ endpoint }) => endpoint);

  beforeAll(async () => {
    authority = await newAuthority('TLS');
  });
  beforeEach(() => {
    file = join(scratchDirectory(), 'connection.json');
    jest.clearAllMocks();
  });

  it('is taken over once when the peers have other ports, and not while it says the same', async () => {
    const { followed, changed } = await opened();
    await followed.look(changed);
    expect(changed).not.toHaveBeenCalled();
    writeFileSync(file, profile('localhost:17051', 'localhost:19051'));
    await followed.look(changed);
    await followed.look(changed);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(endpoints(followed)).toEqual(['localhost:17051', 'localhost:19051']);
    expect(followed.warning).toBeUndefined();
  });

  it.each<readonly [string, () => string, RegExp]>([
    ['is half written', () => profile('localhost:1', 'localhost:2').slice(0, -30), /CONNECTION_PROFILE_UNUSABLE/],
    ['is empty', () => '', /CONNECTION_PROFILE_UNUSABLE/],
    ['is a JSON that is none', () => '[]', /CONNECTION_PROFILE_UNUSABLE/],
    ['names no own peer', () => profile('localhost:1', 'localhost:2').replace('Org1MSP', 'Org3MSP'), /no peer of Org1MSP/],
    ['names no peer of the other member', () => profile('localhost:1', 'localhost:2').replace('Org2MSP', 'Org3MSP'), /no peer of Org2MSP/],
    ['gives one address to both', () => profile('localhost:1', 'localhost:1'), /as a peer of Org1MSP and of Org2MSP/],
  ])('leaves the node with the former peers while it %s, and the node says so', async (_what, text, warning) => {
    const { followed, changed } = await opened();
    writeFileSync(file, text());
    await followed.look(changed);
    await followed.look(changed);
    expect(changed).not.toHaveBeenCalled();
    expect(endpoints(followed)).toEqual(['localhost:7051', 'localhost:9051']);
    expect(followed.warning).toMatch(warning);
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it('is tried again while the peers that it names are refused', async () => {
    const { followed, changed } = await opened();
    changed.mockRejectedValueOnce(new Error('of another network'));
    writeFileSync(file, profile('localhost:17051', 'localhost:19051'));
    await followed.look(changed);
    expect(followed.warning).toMatch(/of another network/);
    expect(endpoints(followed)).toEqual(['localhost:7051', 'localhost:9051']);
    await followed.look(changed);
    expect(endpoints(followed)).toEqual(['localhost:17051', 'localhost:19051']);
    expect(followed.warning).toBeUndefined();
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    ['the own organisation among the others', ['Org2MSP', 'Org1MSP'], /other members/],
    ['a member without a peer beside one that has one', ['Org2MSP', 'Org3MSP'], /no peer of Org3MSP/],
  ])('is not opened with %s', async (_what, others, refusal) => {
    writeFileSync(file, profile('localhost:7051', 'localhost:9051'));
    const otherPeerMspIds = others.map((other) => mspIdSchema.parse(other));
    await expect(ConnectionProfileFile.open(file, { ...needed, otherPeerMspIds }, log)).rejects.toThrow(refusal);
  });

  it('is not opened when two of the others share an address', async () => {
    const three = JSON.parse(profile('localhost:1', 'localhost:2')) as { organizations: object };
    writeFileSync(
      file,
      JSON.stringify({ ...three, organizations: { ...three.organizations, Org3: { mspid: 'Org3MSP', peers: ['two'] } } }),
    );
    const otherPeerMspIds = ['Org2MSP', 'Org3MSP'].map((other) => mspIdSchema.parse(other));
    await expect(ConnectionProfileFile.open(file, { ...needed, otherPeerMspIds }, log)).rejects.toThrow(/Org2MSP and of Org3MSP/);
  });
});
