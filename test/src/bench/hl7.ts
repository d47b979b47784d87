/**
 * `npm run bench:hl7 -- [SECONDS]`: how many messages a second the interface for HL7 v2 keeps durably and acknowledges (CA), from 1, 8 and 32 senders
 * that each wait for their answer, as senders of MLLP do. The hospital's node is away, so that messages only gather: publishing has figures of its own.
 * At the end the interface is killed, and what it has acknowledged must be in its journal. Fails below 500 a second from eight senders.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { createKeyFile, saveProfile } from '@lianyi/client/node';
import { encodeText } from '@lianyi/documents/hl7-v2';
import { sha256 } from '@lianyi/domain';
import { type ReadyProcess, ReadyProcesses } from '@lianyi/workbench';
import { repositoryRoot } from '../scenario/scenario';
import { MllpSender } from '../support/mllp-sender';
import { newAuthority } from '../support/test-certificates';
import { describeMachine, rank } from './figures';

const SECONDS = Number(process.argv[2] ?? '5');
const BAR = 500;
const SENDERS = [1, 8, 32];
const readySchema = z.object({ port: z.number() });
type Server = ReadyProcess<z.output<typeof readySchema>>;

/** A report of some 1.2 kB, in GB 18030. */
function report(id: string): Uint8Array {
  const results = Array.from({ length: 12 }, (_, at) => `OBX|${at + 1}|NM|${at}^检验项目^L||142|g/L|130-175|N|||F|||20261130080000+0800`);
  const segments = [
    `MSH|^~\\&|LIS|第一人民医院|LIANYI|HOSP|20261130090000+0800||ORU^R01|${id}|P|2.5|||AL|NE|CHN|GB 18030-2000`,
    ...['PID|1||7^^^HOSP^MR||张^三||19700101|M', 'OBR|1||L-1|58410-2^血常规^LN|||20261130080000+0800', ...results],
  ];
  return encodeText('gb18030', segments.map((segment) => `${segment}\r`).join(''));
}

async function start(dir: string, processes: ReadyProcesses): Promise<Server> {
  const authority = await newAuthority('nobody.example');
  const [key, tlsCaFile] = [join(dir, 'key.pem'), join(dir, 'ca.pem')];
  await createKeyFile(key);
  writeFileSync(tlsCaFile, authority.pem);
  const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('no network'), mspId: 'HospitalAMSP' };
  const profile = join(dir, 'hl7.profile.json');
  saveProfile(profile, {
    name: 'hl7',
    kind: 'staff',
    ...network,
    nodeUrl: 'https://127.0.0.1:9',
    tlsCaFile,
    keyFile: key,
    actorTag: 'hl7',
  });
  const config = join(dir, 'hl7.json');
  const numbers = [{ type: 'MR', system: 'mrn' }];
  writeFileSync(
    config,
    JSON.stringify({
      registrarProfile: profile,
      publisherProfile: profile,
      directory: 'journal',
      numbers,
      listen: { port: 0 },
      maxBacklog: 1e7,
    }),
  );
  return processes.start({
    name: 'lianyi hl7 serve',
    args: [join(repositoryRoot, 'application/cli/dist/main.js'), '--json', 'hl7', 'serve', '--config', config, '--exit-with-parent'],
    ...{ cwd: dir, logFile: join(dir, 'hl7.log'), timeoutMillis: 60_000 },
    parseReady: (line) => readySchema.parse(line),
  });
}

/** One sender, for so long. @returns how long each answer took, in ms */
async function send(sender: MllpSender, name: string, until: number): Promise<readonly number[]> {
  const took: number[] = [];
  while (performance.now() < until) {
    const begun = performance.now();
    sender.send(report(`${name}-${took.length}`));
    const [answer] = (await sender.heard(took.length + 1)).slice(-1);
    if (answer !== `CA ${name}-${took.length}`) throw new Error(`not kept: ${answer ?? 'no answer'}`);
    took.push(performance.now() - begun);
  }
  return took;
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-bench-hl7-'));
  const processes = new ReadyProcesses();
  let acknowledged = 0;
  try {
    const server = await start(dir, processes);
    process.stdout.write(`${JSON.stringify(describeMachine())}\n`);
    for (const senders of SENDERS) {
      const all = await Promise.all(Array.from({ length: senders }, () => MllpSender.to(server.ready.port)));
      const until = performance.now() + SECONDS * 1_000;
      const took = (await Promise.all(all.map((sender, at) => send(sender, `${senders}-${at}`, until)))).flat();
      for (const sender of all) sender.close();
      acknowledged += took.length;
      const perSecond = took.length / SECONDS;
      const figures = [50, 95, 99].map((percent) => `p${percent} ${rank(took, percent / 100).toFixed(1)} ms`).join(', ');
      process.stdout.write(`${senders} senders: ${perSecond.toFixed(0)} kept and acknowledged a second, ${figures}\n`);
      if (senders === 8 && perSecond < BAR) process.exitCode = 1;
    }
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    const journal = new DatabaseSync(join(dir, 'journal', 'journal.sqlite'));
    const [kept] = z.array(z.object({ kept: z.int() })).parse(journal.prepare('SELECT count(*) AS kept FROM message').all());
    journal.close();
    process.stdout.write(`killed: ${acknowledged} acknowledged, ${kept?.kept ?? 0} in the journal\n`);
    if ((kept?.kept ?? 0) < acknowledged) process.exitCode = 1;
  } finally {
    await processes.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
