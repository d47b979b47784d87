import { chaincodeMetadata, contracts } from '@lianyi/chaincode';
import { transactions } from '@lianyi/domain';

/** What fabric-contract-api says of the contract classes, against the catalogue. That `metadata.golden` says the same: generated-pages.test.ts. */

const SYSTEM_CONTRACT = 'org.hyperledger.fabric';

type Metadata = {
  readonly contracts: Readonly<
    Record<
      string,
      {
        readonly info: { readonly title: string };
        readonly transactions: readonly {
          readonly name: string;
          readonly tag?: readonly string[];
          readonly parameters?: readonly { readonly name: string }[];
        }[];
      }
    >
  >;
};
// the metadata's shape is fabric-contract-api's
const metadata = JSON.parse(chaincodeMetadata()) as Metadata;
const own = Object.entries(metadata.contracts).filter(([name]) => name !== SYSTEM_CONTRACT);
const declared = own.flatMap(([contract, { transactions: list }]) =>
  list.map(({ name, tag, parameters }) => ({ contract, name, tag, parameters })),
);

describe('the contracts’ metadata', () => {
  it('declares exactly the transactions of the catalogue', () => {
    const catalogue = Object.values(transactions).map(({ contract, name }) => `${contract}:${name}`);
    expect(declared.map(({ contract, name }) => `${contract}:${name}`).sort()).toEqual(catalogue.sort());
  });

  it('names every entry of the catalogue by its key there', () => {
    expect(Object.entries(transactions).filter(([key, { name }]) => key !== name)).toEqual([]);
  });

  it('says submit where the catalogue does, and evaluate where it does', () => {
    const kinds = Object.fromEntries(declared.map(({ name, tag }) => [name, tag?.includes('submitTx') === true ? 'submit' : 'evaluate']));
    expect(kinds).toEqual(Object.fromEntries(Object.values(transactions).map(({ name, kind }) => [name, kind])));
  });

  it('declares one parameter for each transaction, the request', () => {
    expect(declared.filter(({ parameters }) => parameters?.length !== 1 || parameters[0]?.name !== 'request')).toEqual([]);
  });

  it('has contracts that are composed, not inherited from one another', () => {
    for (const contract of Object.values(contracts)) {
      expect(Object.getOwnPropertyNames(Object.getPrototypeOf(contract.prototype) as object).sort()).toEqual([
        'constructor',
        'createContext',
      ]);
    }
  });
});

describe('the catalogue', () => {
  it('lets a transient value travel only under its hash', () => {
    for (const entry of Object.values(transactions)) {
      const shape = Object.keys(entry.request.shape);
      expect(shape.includes('transientSha256')).toBe('transient' in entry);
    }
  });

  it('asks for a reason only where the ledger’s own entry shows it: arguments are for ever, and every member has them', () => {
    const reasons = Object.values(transactions).flatMap(({ name, request }) =>
      Object.keys(request.shape)
        .filter((field) => /reason|cause|why|comment|note|remark/i.test(field))
        .map((field) => `${name}.${field}`),
    );
    // never of a person, of an emergency only why nobody could be asked, of a hold one of four coarse words, of a prescription taken back one of three, and of a correction a salted hash
    expect(reasons.sort()).toEqual([
      'BreakGlass.reason',
      'CancelPrescription.reason',
      'ConfirmHold.reason',
      'LiftHold.reason',
      'PlaceHold.reason',
      'RequestCorrection.reasonCommitment',
      'RetractRecord.reason',
      'RevokeDevice.reason',
      'ShowCardInEmergency.reason',
      'SuspendCard.reason',
    ]);
  });

  it('has no request with a field for who asks (P1)', () => {
    const suspects = /^(actor|caller|doctor|user|requester|role|changedBy|creator)(Id|Tag)?$/i;
    const found = Object.values(transactions).flatMap(({ name, request }) =>
      Object.keys(request.shape)
        .filter((field) => suspects.test(field))
        .map((field) => `${name}.${field}`),
    );
    // the staff member to be registered or changed, or whose group it is, never the one who asks
    expect(found.sort()).toEqual([
      'ConfirmMembership.actorTag',
      'ConfirmStaff.actorTag',
      'GetStaff.actorTag',
      'JoinGroup.actorTag',
      'LeaveGroup.actorTag',
      'RegisterStaff.actorTag',
      'RevokeStaff.actorTag',
      'UpdateStaffDuty.actorTag',
    ]);
  });
});
