import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GraphSource } from '@lianyi/graph';
import { laboratoryReport, PatientCase, permission } from '../patient-case';
import { repositoryRoot } from '../scenario';
import { type GetWorld } from './world';

const imaging = readFileSync(join(repositoryRoot, 'application', 'examples', 'imaging-report-en.json'));
type Saying = { readonly place: Pick<GraphSource, 'recordId'> };
interface Drawn {
  readonly nodes: readonly { readonly kind: string; readonly sayings?: readonly Saying[] }[];
}

/** The whole patient in one picture, of what its reader may open. */
export function pictureCases(world: GetWorld): void {
  const drawnBy = async (known: PatientCase, profile: string) => {
    const { acts, consortium } = world().scenario;
    const file = consortium.data.file(`picture-${known.pseudonym}.json`);
    const picture = await acts.picture(profile, known.pseudonym, file);
    const graph = JSON.parse(readFileSync(file, 'utf8')) as Drawn;
    const recordIds = new Set(graph.nodes.flatMap(({ sayings = [] }) => sayings.map(({ place }) => place.recordId)));
    return { picture, graph, recordIds };
  };

  it('has what two records tell once, with both, and nothing of what its reader may not open; each opening is in the audit', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const { cardiologistB, neurologistB } = world().staff;
    const again = await known.publish(laboratoryReport);
    const hidden = await known.publish(imaging);
    await known.grant([permission({ recordIds: [recordId, again] })]);
    await world().scenario.catchUp(cardiologistB.hospital);
    const { picture, graph, recordIds } = await drawnBy(known, cardiologistB.profile);
    expect(picture).toMatchObject({ records: 2, leftOut: [], contradictions: 0 });
    expect([...recordIds].sort()).toEqual([recordId, again].sort());
    expect(JSON.stringify(graph)).not.toContain(hidden);
    const results = graph.nodes.filter(({ kind }) => kind === 'result');
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ sayings }) => sayings?.length !== 2)).toEqual([]);
    const listed = new Set((await known.audit()).map(({ txId }) => txId));
    expect(picture.transactionIds).toHaveLength(3);
    expect(picture.transactionIds.filter((id) => !listed.has(id))).toEqual([]);

    expect((await drawnBy(known, neurologistB.profile)).picture).toMatchObject({ records: 0, facts: 0, leftOut: [], transactionIds: [] });
    await known.revoke();
    await world().scenario.catchUp(cardiologistB.hospital);
    const after = await drawnBy(known, cardiologistB.profile);
    expect(after.picture).toMatchObject({ records: 0, facts: 0, leftOut: [], transactionIds: [] });
    expect(after.graph.nodes).toEqual([]);
  });

  it('has no file and asks for nothing where the file is there, or its ending says nothing', async () => {
    const { known } = await PatientCase.granted(world().scenario, world().staff);
    const { acts, consortium } = world().scenario;
    const before = (await known.audit()).length;
    const { profile } = world().staff.cardiologistB;
    const attempt = (out: string) => acts.attempt(profile, 'access', 'picture', '--purpose', 'TREAT', '--out', out, '--', known.pseudonym);
    expect(await attempt(consortium.data.file('picture.doc'))).toBe('USAGE');
    expect(await attempt(join(repositoryRoot, 'README.md'))).toBe('USAGE');
    expect(await attempt(join(repositoryRoot, 'package.json'))).toBe('FILE_EXISTS');
    expect((await known.audit()).length).toBe(before);
  });
}
