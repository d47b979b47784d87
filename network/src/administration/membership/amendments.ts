import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ChaincodeSettings, chaincodeSchema, type Consortium, organizationSchema } from '../../consortium/consortium';
import { OperatorError, reasonOf } from '../../machine/operator-error';

const deployed = z.strictObject({ settings: chaincodeSchema, folder: z.string() });
/** A chaincode as it was deployed into a running network. */
export type DeployedChaincode = z.infer<typeof deployed>;

/**
 * What administrators changed since the network was made from its consortium file. The file still says how the consortium
 * began; what holds now is the file with these amendments.
 */
export const amendmentsSchema = z.strictObject({
  format: z.literal(1),
  joined: z.array(organizationSchema),
  /** MSP ids. */
  left: z.array(z.string()),
  chaincodes: z.array(deployed),
  /** Installed and approved beside what runs, not yet committed: its services run already. */
  incoming: deployed.optional(),
});
export type Amendments = z.infer<typeof amendmentsSchema>;

export const NO_AMENDMENTS: Amendments = { format: 1, joined: [], left: [], chaincodes: [] };

const amendmentsFile = (folder: string): string => join(folder, 'amendments.json');

/** @throws {@link OperatorError} `STATE_INCOMPLETE` — the file is there and cannot be read. */
export function readAmendments(folder: string): Amendments {
  const file = amendmentsFile(folder);
  if (!existsSync(file)) return NO_AMENDMENTS;
  try {
    return amendmentsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new OperatorError(
      'STATE_INCOMPLETE',
      `${file} cannot be read (${reasonOf(error).split('\n')[0] ?? ''}); it says who joined and what was deployed since the network was made: restore it`,
    );
  }
}

/** Written beside and renamed, so that a crash leaves the old or the new. */
export function writeAmendments(folder: string, amendments: Amendments): void {
  const file = amendmentsFile(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(amendments, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The consortium as it is now. Applying the same amendments twice changes nothing more. */
export function amend(consortium: Consortium, { joined, left, chaincodes }: Amendments): Consortium {
  const stayed = consortium.organizations.filter(({ mspId }) => !left.includes(mspId));
  const added = joined.filter(({ mspId }) => !stayed.some((organization) => organization.mspId === mspId));
  const settingsOf = (chaincode: ChaincodeSettings): ChaincodeSettings =>
    chaincodes.find(({ settings }) => settings.name === chaincode.name)?.settings ?? chaincode;
  const known = consortium.chaincodes.map(settingsOf);
  const fresh = chaincodes.map(({ settings }) => settings).filter(({ name }) => !known.some((chaincode) => chaincode.name === name));
  return { ...consortium, organizations: [...stayed, ...added], chaincodes: [...known, ...fresh] };
}

/** Folder of each chaincode: what was deployed last holds against what a start names. */
export function amendFolders(folders: ReadonlyMap<string, string>, { chaincodes }: Amendments): ReadonlyMap<string, string> {
  return new Map([...folders, ...chaincodes.map(({ settings, folder }): [string, string] => [settings.name, folder])]);
}
