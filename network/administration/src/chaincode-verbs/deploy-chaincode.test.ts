import { type ChaincodeSettings, type NetworkDefinition, NO_AMENDMENTS } from '@lianyi/network-model';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { ChannelHandle } from '../session/channel-handle';
import { approveEverywhere, deployChaincode, settingsFor, stage } from './deploy-chaincode';

const consortium = consortiumOf();

/** A channel of a network whose nodes are never asked for anything. */
function unasked(): { readonly channel: ChannelHandle; readonly amend: jest.Mock } {
  const layout = { peers: [], orderers: [], services: [], genesisBlocks: {} };
  const network: NetworkDefinition = { consortium, chaincodes: [], amendments: NO_AMENDMENTS, layout };
  const amend = jest.fn(() => Promise.resolve());
  const noPeer = (): never => {
    throw new Error('no peer is asked');
  };
  const session = { dataDir: '/nowhere', network, orderers: [], channels: [], peer: noPeer, peerOf: noPeer, amend, record: amend };
  return { channel: new ChannelHandle(session, 'emr'), amend };
}

describe('a chaincode that is deployed', () => {
  const refused = { name: 'OperatorError', code: 'POLICY_REFUSED' };
  const unsafe = ["OutOf(0, 'AMSP.peer')", "AND('AMSP.peer', 'XMSP.peer')", "OR('AMSP.client')"];
  const settings = (rules: Partial<ChaincodeSettings>): ChaincodeSettings => ({
    name: 'emr',
    version: '2.0',
    sequence: 2,
    initRequired: false,
    collections: [],
    ...rules,
  });

  it.each(unsafe)('may not have the policy %s, whoever calls the library', async (endorsementPolicy) => {
    const { channel, amend } = unasked();
    const request = { name: 'emr', version: '2.0', folder: '/nowhere', endorsementPolicy };
    expect(() => settingsFor(channel, request, undefined)).toThrow(expect.objectContaining(refused) as Error);
    await expect(deployChaincode(channel, request, () => undefined)).rejects.toMatchObject(refused);
    await expect(stage(channel, { settings: settings({ endorsementPolicy }), folder: '/nowhere' })).rejects.toMatchObject(refused);
    await expect(approveEverywhere(channel, settings({ endorsementPolicy }), 'id', [], () => undefined)).rejects.toMatchObject(refused);
    expect(amend).not.toHaveBeenCalled();
  });

  it('may not have a collection whose policy needs nobody', async () => {
    const { channel, amend } = unasked();
    const collection = { name: 'c', members: ['AMSP'], endorsementPolicy: "OutOf(0, 'AMSP.peer')" };
    const [parsed] = consortiumOf({ chaincodes: [{ name: 'emr', version: '1.0', collections: [collection] }] }).chaincodes;
    const staged = stage(channel, { settings: settings({ collections: parsed?.collections ?? [] }), folder: '/nowhere' });
    await expect(staged).rejects.toMatchObject(refused);
    expect(amend).not.toHaveBeenCalled();
  });

  it('may ask for more than the majority', () => {
    const endorsementPolicy = "AND('AMSP.peer','BMSP.peer','CMSP.peer')";
    const request = { name: 'emr', version: '2.0', folder: '/nowhere', endorsementPolicy };
    expect(settingsFor(unasked().channel, request, undefined)).toMatchObject({ endorsementPolicy, sequence: 1 });
  });
});
