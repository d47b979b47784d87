import { type StaffSession } from '@lianyi/client/node';
import { type MspId, newRequest, type NetworkIdentity, type Pseudonym, recordIdOf, transactions } from '@lianyi/domain';
import { workFailure } from './failure';
import { type OwnHospital } from './hospital';

/** Who acts: one finds whose number it is, the other publishes. They may be one entry of staff with both roles. */
export interface Actors {
  readonly network: NetworkIdentity;
  readonly mspId: MspId;
  readonly registrar: StaffSession;
  readonly publisher: StaffSession;
  readonly replicaMspIds?: readonly string[];
}

/** Finds whose number it is, with a registrar's signature. */
export function numberFinder({ node, ledger, sign }: StaffSession): Pick<OwnHospital, 'pseudonymOf'> {
  return {
    pseudonymOf: async (identifier) => {
      const linkId = await node.linkIdOf(identifier, sign);
      return ledger.evaluate(newRequest(transactions.ResolveIdentifier, { linkId })).then(
        ({ pseudonym }): Pseudonym => pseudonym,
        (error: unknown) => {
          if (workFailure(error).code === 'NOT_FOUND') return undefined;
          throw error;
        },
      );
    },
  };
}

/** The own hospital by its member node, with the signatures of the interface's own staff entries (ADR 0067). */
export function hospitalAt({ network, mspId, registrar, publisher, replicaMspIds }: Actors): OwnHospital {
  return {
    ...numberFinder(registrar),
    publish: async ({ pseudonym, nonce, ...said }) => {
      const recordId = recordIdOf({ mspId, pseudonym, nonce });
      const document = { network, pseudonym, nonce, recordId, ...said, ...(replicaMspIds === undefined ? {} : { replicaMspIds }) };
      try {
        const prepared = await publisher.node.prepareRecord(document, publisher.sign);
        await publisher.node.publishRecord(document, prepared, publisher.sign);
      } catch (error) {
        // the nonce is of this message alone: what is there under it is what was published before an answer was lost
        if (workFailure(error).code !== 'ALREADY_EXISTS') throw error;
      }
      return { recordId };
    },
  };
}
