import { A, type Cast, must } from './cast.fixture';
import { type Patient, type Staff } from './consortium.fixture';
import { adopt } from './governance.fixture';
import { itemsSetting, keepResults, recognitionQuestion, resultKind, SALT } from './recognition.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
const PATIENTS = 100;

/** A record in which something was examined; of level 5 it is hidden from whom the patient has told nothing. */
async function published(cast: Cast, patient: Patient, of: { readonly code: string; readonly dataLevel: number }): Promise<string> {
  const input = { ...cast.recordInput(A, patient.pseudonym), dataLevel: of.dataLevel };
  await keepResults(cast, { pseudonym: patient.pseudonym, recordId: input.recordId }, [resultKind(cast, of.code)]);
  must(await cast.invoke('AnchorRecord', input, cast.staff(A, 'recordAdmin')));
  return input.recordId;
}

type Question = { readonly mspId: string; readonly askId: unknown; readonly itemId: string; readonly salt: string };
async function asked(cast: Cast, { pseudonym }: Patient, by: Staff, itemId: string): Promise<Question> {
  const input = recognitionQuestion(cast, pseudonym, by, itemId);
  must(await cast.invoke('AskRecognition', input, by));
  return { mspId: by.msp, askId: input['askId'], itemId, salt: SALT };
}

/** All that there is to see: the answer as it is sent, and what was read for it, of each key its kind. */
async function transcriptOf(cast: Cast, questions: readonly Question[]): Promise<string> {
  const seen: unknown[] = [];
  for (const question of questions) {
    const [reads, scans] = [cast.state.reads.length, cast.state.scans.length];
    const { answer, events } = must(await cast.invoke('ResolveRecognition', question, cast.staff(A, 'keyService')));
    const read = cast.state.reads.slice(reads).map(({ keys }) => keys.map((key) => key.split('\u0000')[1]));
    seen.push({ answer, events, read, scanned: cast.state.scans.slice(scans).map(({ objectType, limit }) => [objectType, limit]) });
  }
  return JSON.stringify(seen);
}

describe('a question for an equivalent result', () => {
  it(`of ${PATIENTS} patients learns nothing beyond yes or no: with hidden results and without, the transcripts are the same`, async () => {
    const { cast } = stage();
    await adopt(cast, itemsSetting);
    const clinician = cast.staff(A, 'clinician');
    const told = { before: '', after: '' };
    for (let count = 0; count < PATIENTS; count += 1) {
      const patient = await cast.newPatient();
      await cast.relate(patient);
      if (count % 2 === 0) await published(cast, patient, { code: '2823-3', dataLevel: 3 });
      const questions = [await asked(cast, patient, clinician, 'potassium'), await asked(cast, patient, clinician, 'sodium')];
      told.before += await transcriptOf(cast, questions);
      await published(cast, patient, { code: '2951-2', dataLevel: 5 });
      await published(cast, patient, { code: '2823-3', dataLevel: 5 });
      told.after += await transcriptOf(cast, questions);
    }
    expect(told.after).toBe(told.before);
    expect(told.after.match(/"found":true/g)).toHaveLength(PATIENTS / 2);
    expect(told.after.match(/"found":false/g)).toHaveLength(PATIENTS + PATIENTS / 2);
  });

  it('finds the very same result where it is not hidden, until it is purged', async () => {
    const { cast, patient } = stage();
    await adopt(cast, itemsSetting);
    const first = await published(cast, patient, { code: '2951-2', dataLevel: 3 });
    const questions = [await asked(cast, patient, cast.staff(A, 'clinician'), 'sodium')];
    expect(await transcriptOf(cast, questions)).toContain(first);
    const envelopes = [{ recordId: first, keyEpoch: 1 }];
    must(await cast.invoke('PurgeEnvelopes', { pseudonym: patient.pseudonym, envelopes }, cast.staff(A, 'keyService')));
    expect(await transcriptOf(cast, questions)).toContain('"found":false');
  });
});
