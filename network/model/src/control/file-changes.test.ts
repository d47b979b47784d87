import { parseConsortium } from '../consortium/consortium';
import { type Amendments, NO_AMENDMENTS } from './amendments';
import { noteFile, withFileChanges } from './file-changes';

const organizations = [{ mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'] }];
const fileSaying = (chaincode: object): ReturnType<typeof parseConsortium> =>
  parseConsortium({
    name: 'one',
    channel: { name: 'emr' },
    organizations,
    chaincodes: [{ name: 'emr', version: '1.0', sequence: 1, ...chaincode }],
  });

/** deployCC has made it 2.0 with sequence 2 while the file said 1.0 with sequence 1. */
function deployed(): Amendments {
  const file = fileSaying({});
  const settings = fileSaying({ version: '2.0', sequence: 2 }).chaincodes[0];
  if (settings === undefined) throw new Error('the file has a chaincode');
  return noteFile(file, { ...NO_AMENDMENTS, chaincodes: [{ settings: { ...settings, channels: ['emr'] }, folder: '/code' }] });
}

const audit = { name: 'audit', members: ['AMSP'] };

describe('a consortium file, after deployCC took the place of what it said', () => {
  it('is as it was: what was deployed holds', () => {
    expect(withFileChanges(fileSaying({}), deployed())).toEqual(deployed());
  });

  it.each([
    [{ collections: [audit] }, 'collection audit'],
    [{ endorsementPolicy: "OR('AMSP.peer')" }, 'endorsementPolicy'],
    [{ initRequired: true }, 'initRequired'],
    [{ version: '3.0' }, 'version'],
    [{ sequence: 2, collections: [audit] }, 'sequence, collection audit'],
  ])('is refused where it has been changed to %j and that would be passed over', (change, named) => {
    expect(() => withFileChanges(fileSaying(change), deployed())).toThrow(
      `the consortium file now says something else of chaincode emr (${named}), which would be passed over`,
    );
    expect(() => withFileChanges(fileSaying(change), deployed())).toThrow(/say sequence 3 in the file/);
  });

  it('holds again where its sequence is beyond what was deployed', () => {
    const file = fileSaying({ version: '3.0', sequence: 3, collections: [audit] });
    const [entry] = withFileChanges(file, deployed()).chaincodes;
    expect(entry).toMatchObject({ folder: '/code', settings: { version: '3.0', sequence: 3, collections: [audit], channels: ['emr'] } });
    // and the next start finds nothing changed
    const kept = withFileChanges(file, deployed());
    expect(withFileChanges(file, kept)).toEqual(kept);
  });

  it('may catch up with what was deployed', () => {
    const file = fileSaying({ version: '2.0', sequence: 2 });
    expect(withFileChanges(file, deployed()).chaincodes[0]).toMatchObject({ settings: { sequence: 2 }, insteadOf: { sequence: 2 } });
  });

  it('says nothing of a chaincode that only deployCC knows, or that was deployed before this was noted', () => {
    const only = {
      ...deployed(),
      chaincodes: deployed().chaincodes.map(({ settings, folder }) => ({ settings: { ...settings, name: 'other' }, folder })),
    };
    expect(withFileChanges(fileSaying({ collections: [audit] }), only)).toEqual(only);
    const former = { ...deployed(), chaincodes: deployed().chaincodes.map(({ settings, folder }) => ({ settings, folder })) };
    expect(withFileChanges(fileSaying({ collections: [audit] }), former)).toEqual(former);
  });
});
