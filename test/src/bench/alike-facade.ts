import { FhirApplication } from '../scenario/fhir-application';
import { type PatientCase } from '../scenario/patient-case';
import { type Scenario } from '../scenario/scenario';
import { aboutEach, type AlikeQuestion, AlikeWorld, type AlikeAsk } from './alike-questions';

/** Of an answer what must be the same: its status, its code, and how much it shows. */
function shownOf(body: string): string {
  const { entry, issue } = JSON.parse(body) as { entry?: unknown[]; issue?: { details?: { coding?: { code?: string }[] } }[] };
  return `${String(entry?.length ?? 0)} ${issue?.[0]?.details?.coding?.[0]?.code ?? ''}`;
}

function asking(application: FhirApplication, path: string): AlikeAsk {
  return async () => {
    const { status, body } = await application.get(path);
    return `${String(status)} ${shownOf(body.toString())}`;
  };
}

/** What an application of B's cardiology learns by the facade, beside what it may read. */
export async function alikeFacadeQuestions(
  scenario: Scenario,
): Promise<{ readonly questions: readonly AlikeQuestion[]; readonly stop: () => Promise<void> }> {
  const world = await AlikeWorld.of(scenario);
  const { opened, plain } = world;
  const application = await FhirApplication.of(scenario, opened.known.staff.cardiologistB);
  const idOf = (id: string): string => id.replaceAll('_', '.');
  const patientOf = ({ pseudonym }: PatientCase): string => `Patient/${idOf(pseudonym)}`;
  const ofRecord = (path: (id: string) => string): AlikeQuestion['about'] =>
    aboutEach((subject) => Promise.resolve(asking(application, path(idOf(world.recordOf(subject))))));
  /** Of one who has one record, which is open, and of one who has another beside it. */
  const beside = (path: (patient: string) => string): AlikeQuestion['about'] => {
    const [without, with_] = [plain.known, opened.known].map((known) => () => Promise.resolve(asking(application, path(patientOf(known)))));
    return without === undefined || with_ === undefined ? {} : { absent: without, 'absent too': without, forbidden: with_ };
  };
  const patient = patientOf(opened.known);
  const questions: readonly AlikeQuestion[] = [
    { what: 'Binary, of a record', about: ofRecord((id) => `/Binary/${id}?patient=${patient}`) },
    { what: 'DocumentReference, of a record', about: ofRecord((id) => `/DocumentReference/${id}?patient=${patient}`) },
    { what: 'a search by _id', about: ofRecord((id) => `/DocumentReference?patient=${patient}&_id=${id}`) },
    { what: 'a search with _summary', about: ofRecord((id) => `/DocumentReference?patient=${patient}&_id=${id}&_summary=count`) },
    { what: 'a search, of one beside another', about: beside((of) => `/DocumentReference?patient=${of}`) },
    { what: 'a page of one, of one beside another', about: beside((of) => `/List?patient=${of}&_count=1`) },
    { what: '$everything, of one beside another', about: beside((of) => `/${of}/$everything`) },
  ];
  return { questions, stop: () => application.stop() };
}
