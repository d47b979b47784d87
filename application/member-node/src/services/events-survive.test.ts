import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { serialize } from 'node:v8';
import { buildProgram, type RunningProgram, startProgram } from '@lianyi/test/support/child-program';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { organisationKey, recordId, recordAdminA } from '../ledger-index/member-chain.fixture';
import { pseudonym, usePatientChain } from '../ledger-index/patient-chain.fixture';
import { staffActor, telling } from '../ledger-index/telling.fixture';

const isDeep = process.env['LIANYI_DEEP'] === '1';
/** Feature 96. */
const KILLS = isDeep ? 100 : 20;
jest.setTimeout(isDeep ? 600_000 : 120_000);

describe('an application that follows events', () => {
  const chain = usePatientChain();

  it('has the effect of each event once, in order, though it and the node are killed at any moment, and the node’s database is made anew', async () => {
    const event = { name: 'RecordRetracted', pseudonym, recordId, version: 2 } as const;
    const call = (): Parameters<typeof telling>[0] => chain().forged({ [organisationKey('BMSP')]: '{}' });
    const told = (): ReturnType<typeof call> => telling(call(), event, staffActor(recordAdminA));
    for (let block = 0; block < 4 * KILLS; block += 1) await chain().add(told(), call(), told());
    const expected = (await chain().index.told(undefined, 10_000)).map(({ cursor }) => cursor);
    expect(expected).toHaveLength(8 * KILLS);

    const folder = scratchDirectory();
    const [blocks, index, own] = [join(folder, 'blocks'), join(folder, 'index.sqlite'), join(folder, 'own.sqlite')];
    writeFileSync(blocks, serialize(chain().blocks));
    const [nodeProgram, program] = ['told-by-node', 'take-events'].map((name) => buildProgram(join(__dirname, `${name}.fixture.ts`)));
    const startNode = async (port = '0'): Promise<{ node: RunningProgram; port: string }> => {
      const node = startProgram(nodeProgram ?? '', blocks, index, port);
      return { node, port: String((await node.lines.next()).value) };
    };
    const startApplication = (port: string): RunningProgram =>
      startProgram(program ?? '', `http://127.0.0.1:${port}`, own, expected.at(-1) ?? '');

    const { node: first, port } = await startNode();
    let node = first;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const application = startApplication(port);
      for (let line = 0; line < kill % 4; line += 1) await application.lines.next();
      application.child.kill('SIGKILL');
      await application.ended;
      if (kill % 7 !== 0) continue;
      node.child.kill('SIGKILL');
      await node.ended;
      if (kill % 2 === 0) for (const suffix of ['', '-wal', '-shm']) rmSync(`${index}${suffix}`, { force: true });
      ({ node } = await startNode(port));
    }
    expect(await startApplication(port).ended).toBe(0);
    node.child.kill('SIGKILL');
    await node.ended;
    const db = new DatabaseSync(own, { readOnly: true });
    const effects = db.prepare('SELECT cursor FROM effect ORDER BY rowid').all();
    db.close();
    expect(effects.map(({ cursor }) => cursor)).toEqual(expected);
  });
});
