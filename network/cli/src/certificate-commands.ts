import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import {
  AdminSession,
  type CertificateEntry,
  isListener,
  listCertificates,
  type Progress,
  publishRevocationList,
  renewEntry,
  revokedOnChannels,
  revokeUser,
} from '@lianyi/network-administration';
import { askAction, openAuthority, OperatorError, type Organization, organizationPaths } from '@lianyi/network-model';
import { type Output } from './output';
import { printResult, withNetwork } from './verb';
import { addGroup, addVerb, type VerbGroup, type VerbOptions } from './verb-group';

interface ListOptions extends VerbOptions {
  readonly organization?: string;
  readonly expiring?: number;
}
interface RevokeOptions extends VerbOptions {
  readonly organization: string;
  readonly user?: string;
  readonly crl?: string;
}
interface RenewOptions extends VerbOptions {
  readonly organization: string;
  readonly holder?: string;
  readonly expiring?: number;
}

function parseDays(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('a whole number of days is needed');
  return Number(text);
}

/** Registers `certs list|revoke|renew`. */
export function addCertificateVerbs(verbs: VerbGroup, output: Output): void {
  const certs = addGroup(verbs, 'certs', 'certificates of all organisations: their ends, revocation, renewal');
  addVerb(certs, 'list', 'all certificates, those that end first on top')
    .option('--organization <domain>', 'only those of this domain')
    .option('--expiring <days>', 'only those that end within so many days', parseDays)
    .action(async (options: ListOptions) => {
      await list(options, output);
    });
  addVerb(certs, 'revoke', "revoke a user's certificate on every channel, signed by the organisation's administrator")
    .requiredOption('--organization <name>', 'MSP id, name or domain')
    .option('--user <name>', 'the user; a list is made by the CA here')
    .option('--crl <file>', 'or a list (PEM) that the CA has made')
    .action(async (options: RevokeOptions) => {
      await revoke(options, output);
    });
  addVerb(certs, 'renew', 'issue certificates anew for the same keys and restart the nodes that use them')
    .requiredOption('--organization <name>', 'MSP id, name or domain')
    .option('--holder <name>', 'only those of this node or user, as list names it')
    .option('--expiring <days>', 'only those that end within so many days', parseDays)
    .action(async (options: RenewOptions) => {
      await withNetwork(options, output, (network, progress) => renew(network, options, progress));
    });
}

async function list({ dir, json, organization, expiring }: ListOptions, output: Output): Promise<void> {
  const dataDir = resolve(dir);
  const all = listCertificates(dataDir, await revokedIfRunning(dataDir));
  const domains = [...new Set(all.map(({ domain }) => domain))];
  if (organization !== undefined && !domains.includes(organization))
    throw new OperatorError('UNKNOWN_NAME', `there is no organisation of the domain ${organization}; there are ${domains.join(', ')}`);
  const chosen = all.filter(
    ({ domain, daysLeft }) => (organization === undefined || domain === organization) && (expiring === undefined || daysLeft <= expiring),
  );
  if (json) {
    printResult({ certificates: chosen }, true, output);
    return;
  }
  const width = Math.max(0, ...chosen.map(({ holder }) => holder.length));
  for (const { holder, use, notAfter, daysLeft, state, serialNumber } of chosen)
    output.out(
      `${holder.padEnd(width)}  ${use.padEnd(9)}  ${state.padEnd(14)}  until ${notAfter.slice(0, 10)} (${daysLeft} days)  serial ${serialNumber}`,
    );
}

/** Who is revoked stands on the channels; without a running network only the lists that are kept tell. */
async function revokedIfRunning(dataDir: string): Promise<Awaited<ReturnType<typeof revokedOnChannels>>> {
  try {
    const network = await AdminSession.open(dataDir);
    try {
      return await revokedOnChannels(network);
    } finally {
      network.close();
    }
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'NOT_RUNNING') return new Map();
    throw error;
  }
}

async function revoke(options: RevokeOptions, output: Output): Promise<void> {
  const { organization, user, crl } = options;
  if ((user === undefined) === (crl === undefined)) throw new OperatorError('UNKNOWN_NAME', 'either --user or --crl is needed');
  if (crl !== undefined && !existsSync(crl)) throw new OperatorError('UNKNOWN_NAME', `there is no file ${crl}`);
  await withNetwork(options, output, (network, progress) =>
    crl === undefined
      ? revokeUser(network, organization, user ?? '', progress)
      : publishRevocationList(network, organization, readFileSync(crl, 'utf8'), progress),
  );
}

async function renewAll(
  network: AdminSession,
  organization: Organization,
  entries: readonly CertificateEntry[],
  progress: Progress,
): Promise<void> {
  const authority = openAuthority(network.dataDir, organization);
  try {
    // what the server must answer for comes first: if it does not, its own certificate stays, too
    for (const entry of [...entries.filter((each) => !isListener(each)), ...entries.filter(isListener)]) {
      await renewEntry(authority, entry, organizationPaths(network.dataDir, organization));
      progress(`renewed ${entry.use} of ${entry.holder}`);
    }
  } finally {
    authority.close();
  }
}

async function renew(network: AdminSession, { organization: name, holder, expiring }: RenewOptions, progress: Progress): Promise<object> {
  const organization = network.organization(name);
  const revoked = await revokedOnChannels(network);
  const isAsked = (entry: CertificateEntry): boolean =>
    entry.domain === organization.domain &&
    entry.use !== 'authority' &&
    (holder === undefined || [entry.holder, entry.holder.split('@')[0]].includes(holder)) &&
    (expiring === undefined || entry.daysLeft <= expiring);
  const asked = listCertificates(network.dataDir, revoked).filter(isAsked);
  if (asked.length === 0 && holder !== undefined && expiring === undefined)
    throw new OperatorError('UNKNOWN_NAME', `${organization.mspId} has no certificate of ${holder}; 'certs list' shows all`);
  const banned = asked.find(({ state }) => state === 'revoked' || state === 'partly-revoked');
  if (banned)
    throw new OperatorError(
      'CERTIFICATE_REFUSED',
      `${banned.holder} is revoked; a new certificate for the same key would give back what was taken`,
    );
  await renewAll(network, organization, asked, progress);
  const nodes = network.nodeNames;
  const restarting = nodes.filter((node) => asked.some((entry) => entry.holder === node));
  // the peers' copies of what they show to their chaincode are brought up to date, too
  if (restarting.length > 0) await network.record((recorded) => recorded);
  for (const node of restarting) {
    await askAction(network.dataDir, node, 'restart');
    progress(`restarted ${node}`);
  }
  return {
    renewed: asked.map((entry) => ({ holder: entry.holder, use: entry.use })),
    restarted: restarting,
    files: asked.map(({ file }) => join(file)),
  };
}
