import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type RequestSigner, staffProofs } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import { actorTagSchema, mspIdSchema, transactions } from '@lianyi/domain';
import { filesBelow } from '../../architecture/source-files';
import { leaksBelow, type Marker, markedReport, newMarker } from '../../scenario/canary';
import { carry } from '../../scenario/carry';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster, type Roster } from '../../scenario/roster';
import { type StaffMember, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const preparations = 'application/member-node/src/services/preparations.ts';
const seal = 'application/member-node/src/services/preparation-seal.ts';

/** What must be gone, by the name under which it is told. */
type Traces = Readonly<Record<string, Marker>>;

async function keyServiceOf({ consortium, a, network }: Scenario, { keyServiceTagA }: Roster): Promise<RequestSigner> {
  const { mspId } = a.member;
  const privateKey = await loadKeyFile(join(consortium.data.node(mspId), 'key-service.pem'));
  return staffProofs({ network, mspId: mspIdSchema.parse(mspId), actorTag: actorTagSchema.parse(keyServiceTagA), privateKey });
}

/** Publishes one document and prepares another one; then both envelopes are purged. @returns what the node knew of them */
async function publishedAndPurged(known: PatientCase, { client, sign }: StaffMember, keyService: RequestSigner): Promise<Traces> {
  const details = { title: newMarker('title'), author: newMarker('author') };
  const { pseudonym } = known;
  const { network } = known.scenario;
  const published = { network, pseudonym, ...known.newRecordId(), bytes: markedReport().bytes, details };
  await client.publishRecord(published, await client.prepareRecord(published, sign), sign);
  const unpublished = { network, pseudonym, ...known.newRecordId(), bytes: markedReport().bytes, details };
  await client.prepareRecord(unpublished, sign);
  const key = { pseudonym, recordId: published.recordId, keyEpoch: 1 };
  const { result } = await carry(client, transactions.GetEnvelope, key, { sign: keyService });
  const envelopes = [published, unpublished].map(({ recordId }) => ({ recordId, keyEpoch: 1 }));
  await carry(client, transactions.PurgeEnvelopes, { pseudonym, envelopes }, { sign: keyService });
  return {
    ...details,
    'sealed key': result.envelope.ciphertext,
    'hash of the published document': published.bytes,
    'hash of the other document': unpublished.bytes,
  };
}

/** Starts the hospital's node once more, which looks what is over before it does anything else, and stops it again. */
async function sweptAndClosed({ consortium, a }: Scenario): Promise<void> {
  await a.node.stop();
  const { processes, repositoryRoot, data } = consortium.context;
  const node = await processes.start({
    name: 'the node once more',
    args: [
      join(repositoryRoot, 'application/cli/dist/main.js'),
      ...['--json', 'node', 'start', '--config', join(data.node(a.member.mspId), 'node.json'), '--exit-with-parent'],
    ],
    cwd: data.root,
    logFile: join(data.logs, 'node-once-more.log'),
    timeoutMillis: 60_000,
    parseReady: (line) => line,
  });
  await node.stop();
}

async function run(): Promise<AttackOutcome> {
  process.umask(0o022);
  const scenario = await Scenario.start('attack-m12');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const traces = await publishedAndPurged(known, staff.labA, await keyServiceOf(scenario, staff));
    await sweptAndClosed(scenario);
    const folder = scenario.consortium.data.node(scenario.a.member.mspId);
    const left = new Set(leaksBelow(folder, Object.values(traces)).map(({ marker }) => Object.keys(traces)[marker] ?? ''));
    const open = filesBelow(folder).filter((file) => (statSync(file).mode & 0o077) !== 0);
    const seen = `left of what was purged: ${[...left].join(', ') || 'nothing'}; open to others: ${open.map((file) => relative(folder, file)).join(', ') || 'nothing'}`;
    return { succeeded: left.size > 0 || open.length > 0, seen };
  } finally {
    await scenario.stop();
  }
}

/** Whoever has a copy of the node's folder, and gets its key later, opens what was erased, or tells whose document it was. */
export const tracesOfTheErased: Attack = {
  id: 'M12',
  title: 'What was purged is still in the node’s folder',
  defences: [
    { file: preparations, name: 'Preparations.forget', body: '' },
    { file: seal, name: 'PreparationSeal.seal', body: 'return Buffer.from(text);' },
    { file: seal, name: 'PreparationSeal.open', body: "return Buffer.from(sealed).toString('utf8');" },
    { file: seal, name: 'PreparationSeal.mac', body: 'return Buffer.from(documentSha256);' },
    { file: 'application/member-node/src/ledger-index/node-sqlite.ts', name: 'assertOwnerOnly', body: '' },
    { file: 'application/cli/src/main.ts', name: 'closeNewFilesToOthers', body: '' },
  ],
  networks: ['embedded'],
  run,
};
