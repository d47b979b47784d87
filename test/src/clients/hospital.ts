import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Facade } from '@lianyi/fhir';
import { type ReadyProcess } from '@lianyi/workbench';
import { PatientCase } from '../scenario/patient-case';
import { hireRoster, type Roster } from '../scenario/roster';
import { newId, repositoryRoot, Scenario } from '../scenario/scenario';
import { facadeFor, NUMBER_SYSTEM, type Registered } from './facades';
import { PatientsPortal } from './patients-portal';
import { submission } from './submission';

const readySchema = z.object({ port: z.number() });
type Interface = ReadyProcess<z.output<typeof readySchema>>;

/** All that a client program is told, in a file of its own. */
export interface ClientTask {
  readonly name: string;
  readonly laboratory: Registered;
  readonly registrar: Registered;
  readonly his: Registered;
  readonly patient: string;
  readonly pseudonym: string;
  /** A number that is linked to the patient, and one that nobody has. */
  readonly number: string;
  readonly freshNumber: string;
  readonly numberSystem: string;
  readonly grantee: string;
  /** A submission of two documents, one of them no FHIR. */
  readonly submissionFile: string;
  readonly documentFile: string;
  readonly portal: string;
  readonly answersFolder: string;
  readonly hl7Port: number;
}

/** A consortium whose hospital A has a facade and an interface for HL7 v2, and whose hospital B has a facade, for programs that nobody here wrote. */
export class ServedHospitals {
  private constructor(
    readonly scenario: Scenario,
    readonly staff: Roster,
    private readonly portal: PatientsPortal,
    private readonly served: {
      readonly applications: Readonly<Record<'laboratory' | 'registrar' | 'his', Registered>>;
      readonly hl7: { readonly profile: string; readonly running: Interface };
      readonly facades: readonly Facade[];
    },
  ) {}

  static async start(): Promise<ServedHospitals> {
    const scenario = await Scenario.start('clients');
    try {
      const staff = await hireRoster(scenario);
      const atA = await facadeFor(scenario, { laboratory: staff.labA, registrar: staff.registrarA });
      const atB = await facadeFor(scenario, { his: staff.cardiologistB });
      const hl7 = await startInterface(scenario);
      const applications = { ...atA.registered, ...atB.registered };
      return new ServedHospitals(scenario, staff, await PatientsPortal.open(), {
        ...{ applications, hl7, facades: [atA.facade, atB.facade] },
      });
    } catch (error) {
      await scenario.stop();
      throw error;
    }
  }

  /** A patient of their own for a client program, and what it has to know. */
  async taskFor(name: string, folder: string): Promise<{ readonly task: ClientTask; readonly known: PatientCase }> {
    const { scenario, staff } = this;
    const { applications, hl7 } = this.served;
    const known = await PatientCase.related(scenario, staff);
    const answersFolder = join(folder, 'answers', name);
    mkdirSync(answersFolder, { recursive: true });
    const [number, freshNumber] = [newId(), newId()];
    await this.link(number, known, staff.registrarA.profile);
    const patient = known.pseudonym.replaceAll('_', '.');
    const submissionFile = join(folder, `${name}.submission.json`);
    writeFileSync(submissionFile, JSON.stringify(submission(`Patient/${patient}`, name)));
    const task: ClientTask = {
      ...{ name, ...applications, patient, pseudonym: known.pseudonym, number, freshNumber, numberSystem: NUMBER_SYSTEM },
      ...{ grantee: `department:${scenario.b.member.mspId}:cardiology`, submissionFile, answersFolder },
      ...{ documentFile: reportFile, portal: this.portal.of(name, known), hl7Port: hl7.running.ready.port },
    };
    writeFileSync(join(folder, `${name}.task.json`), JSON.stringify(task), { mode: 0o600 });
    return { task, known };
  }

  /** Links a number of hospital A's to a patient, as its registrar and as its interface see them. */
  async link(number: string, known: PatientCase, profile = this.served.hl7.profile): Promise<void> {
    const file = this.scenario.consortium.data.file(`number-${newId()}.txt`);
    writeFileSync(file, number, { mode: 0o600 });
    await this.scenario.acts.act(
      profile,
      ...['identifier', 'link', '--system', 'mrn', '--value-file', file, '--pseudonym', known.pseudonym],
    );
  }

  async stop(): Promise<void> {
    this.portal.close();
    await this.served.hl7.running.stop();
    for (const facade of this.served.facades) await facade.stop();
    await this.scenario.stop();
  }
}

const reportFile = join(repositoryRoot, 'application', 'examples', 'imaging-report-en.json');

async function startInterface(scenario: Scenario): Promise<{ readonly profile: string; readonly running: Interface }> {
  const { profile } = await scenario.hire(scenario.a, 'registrar,lab');
  const { context, data } = scenario.consortium;
  const directory = data.file(`hl7-${newId()}`);
  mkdirSync(directory);
  const profileFile = join(data.root, 'profiles', `${profile}.json`);
  const config = join(directory, 'hl7.json');
  const numbers = [{ authority: 'HOSP', type: 'MR', system: 'mrn' }];
  const names = { registrarProfile: profileFile, publisherProfile: profileFile, directory: 'journal' };
  writeFileSync(config, JSON.stringify({ ...names, numbers, listen: { port: 0 } }));
  const running = await context.processes.start({
    name: 'lianyi hl7 serve',
    args: [join(repositoryRoot, 'application/cli/dist/main.js'), '--json', 'hl7', 'serve', '--config', config, '--exit-with-parent'],
    ...{ cwd: data.root, logFile: join(data.logs, 'hl7.log'), timeoutMillis: 60_000 },
    parseReady: (line) => readySchema.parse(line),
  });
  return { profile, running };
}
