import { type StaffSession } from '@lianyi/client/node';
import {
  type ActorTag,
  type MspId,
  newRequest,
  type NetworkIdentity,
  type Pseudonym,
  recordIdOf,
  type Request,
  transactions,
} from '@lianyi/domain';
import { workFailure } from './failure';
import { type OwnHospital } from './hospital';

/** Who acts: one finds whose number it is, the other publishes. They may be one entry of staff with both roles. */
export interface Actors {
  readonly network: NetworkIdentity;
  readonly mspId: MspId;
  readonly registrar: StaffSession;
  readonly publisher: StaffSession;
  /** Of the publisher. */
  readonly actorTag: ActorTag;
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
export function hospitalAt({ network, mspId, registrar, publisher, actorTag, replicaMspIds }: Actors): OwnHospital {
  const replicas = replicaMspIds === undefined ? {} : { replicaMspIds };
  return {
    ...numberFinder(registrar),
    versionOf: async (record) => (await publisher.ledger.evaluate(newRequest(transactions.GetRecord, record))).version,
    publish: async ({ pseudonym, nonce, amends, ...said }) => {
      const recordId = amends?.recordId ?? recordIdOf({ mspId, pseudonym, nonce });
      const which = amends === undefined ? { nonce } : { amends: { previousVersion: amends.version - 1, operation: 'amend' as const } };
      const document = { network, pseudonym, recordId, ...said, ...which, ...replicas };
      try {
        const prepared = await publisher.node.prepareRecord(document, publisher.sign);
        await publisher.node.publishRecord(document, prepared, publisher.sign);
      } catch (error) {
        const { code } = workFailure(error);
        // the nonce is of this message alone: what is there under it is what was published before an answer was lost
        if (amends === undefined && code === 'ALREADY_EXISTS') return { recordId };
        const isThere = amends !== undefined && code === 'VERSION_CONFLICT' && (await isBy(actorTag, publisher, { pseudonym, ...amends }));
        if (!isThere) throw error;
      }
      return { recordId };
    },
  };
}

/** A version is planned for one message alone: written by this interface, it is what was published before an answer was lost. */
async function isBy(
  actorTag: ActorTag,
  { ledger }: Pick<StaffSession, 'ledger'>,
  version: Request<typeof transactions.GetRecordVersion>,
): Promise<boolean> {
  const { origin } = await ledger.evaluate(newRequest(transactions.GetRecordVersion, version));
  return origin.actor.kind === 'staff' && origin.actor.actorTag === actorTag;
}
