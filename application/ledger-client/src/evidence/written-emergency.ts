import {
  canonicalJson,
  emergencyArea,
  emergencyChoiceSchema,
  type EmergencyStance,
  type Instant,
  type Pseudonym,
  transactions,
} from '@lianyi/domain';
import { opensMore, UNSAID_STANCE } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { compositeKey } from './composite-key';
import { type AlarmFact, type Command, type EmergencyChoiceFact, type KnownPatients } from './patient-facts';
import { jsonOf } from './strangers-json';
import { type Timeliness } from './timeliness';

const { objectType } = emergencyArea.entities.emergencyChoices;

/** Whether a key is one of what a patient says of emergencies. */
export function isOfEmergencyChoice(type: string | undefined): boolean {
  return type === objectType;
}

/** What is in a command that says something of emergencies. */
function choiceIn({ entry, input }: Command): { readonly pseudonym: Pseudonym; readonly choice: EmergencyStance } | undefined {
  return entry.name === transactions.SetEmergencyChoice.name ? transactions.SetEmergencyChoice.request.parse(input) : undefined;
}

/** Whether a command would open more than the patient lets be opened: nobody who acts for the patient does that. */
export async function opensEmergencies(command: Command, known: Pick<KnownPatients, 'emergencyChoiceOf'>): Promise<boolean> {
  const said = choiceIn(command);
  return said !== undefined && (await opensFrom(said.pseudonym, said.choice, known));
}

/** Where others have written what stands, or what opened it came late, whatever is not a refusal opens something. */
async function opensFrom(pseudonym: Pseudonym, stance: EmergencyStance, known: Pick<KnownPatients, 'emergencyChoiceOf'>): Promise<boolean> {
  const before = await known.emergencyChoiceOf(pseudonym);
  if (before?.isSigned === false || before?.isLate === true) return stance.stance !== 'refused';
  return opensMore(before?.stance ?? UNSAID_STANCE, stance);
}

const writtenSchema = emergencyChoiceSchema.pick({ pseudonym: true, choice: true, changedAt: true }).strip();

/** What is written of emergencies, held against the patient's command in the transaction. */
export async function emergencyChoiceFacts(
  { value }: BlockWrite,
  pseudonym: Pseudonym,
  { own, at, timeliness }: { readonly own: Command | undefined; readonly at: Instant; readonly timeliness: Timeliness },
  known: Pick<KnownPatients, 'emergencyChoiceOf'>,
): Promise<readonly (EmergencyChoiceFact | AlarmFact)[]> {
  const wanted = own?.isAllowed === true ? choiceIn(own) : undefined;
  const written = writtenSchema.safeParse(jsonOf(value)).data;
  const isSigned = wanted !== undefined && canonicalJson(written ?? null) === canonicalJson({ ...wanted, changedAt: at });
  const stance = (wanted ?? written)?.choice ?? UNSAID_STANCE;
  const isLate = cameLate(own, timeliness) && (await opensFrom(pseudonym, stance, known));
  const fact: EmergencyChoiceFact = { kind: 'emergencyChoice', pseudonym, said: { stance, isSigned, isLate } };
  if (isSigned) return [fact];
  const alarm = wanted === undefined ? 'emergency-choice-without-command' : 'emergency-choice-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, pseudonym }];
}

function cameLate(own: Command | undefined, timeliness: Timeliness): boolean {
  return timeliness === 'late' || own?.restsOnLate === true;
}

/** What a command says of emergencies and the transaction does not write. */
export function unwrittenEmergencyChoice(command: Command, writes: readonly BlockWrite[]): readonly (EmergencyChoiceFact | AlarmFact)[] {
  const said = choiceIn(command);
  if (said === undefined || writes.some(({ key }) => key === compositeKey(objectType, said.pseudonym))) return [];
  const { pseudonym, choice: stance } = said;
  return [
    { kind: 'emergencyChoice', pseudonym, said: { stance, isSigned: false, isLate: false } },
    { kind: 'alarm', alarm: 'command-not-carried-out', pseudonym, detail: objectType },
  ];
}
